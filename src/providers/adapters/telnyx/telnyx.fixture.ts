import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderError } from '../../contract/provider-error';
import type { SharedResources, SharedValues } from '../../contract/shared-resources';
import { HttpClient } from '../../support/http-client';
import { TelnyxClient } from './telnyx.client';
import { TelnyxCredentials } from './telnyx.credentials';

export const API_KEY = 'KEY0123456789ABCDEF_secret';
/** Of RFC 8032, test 1. */
export const PUBLIC_KEY = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
export const CREDENTIALS = Object.assign(new TelnyxCredentials(), { api_key: API_KEY, public_key: PUBLIC_KEY });

export const TARGET = {
  answerUrl: 'https://voice.example.com/inbound/telnyx/key',
  statusUrl: 'https://voice.example.com/inbound/telnyx/key/status',
};
export const NUMBER = { phoneNumber: '+19705555098', providerNumberId: '1293384261075731499' };
export const APP = '1293384261075731500';
export const NAME = 'patchbay-prov_01';

/** As in the examples of https://developers.telnyx.com/api-reference/phone-number-configurations/list-phone-numbers */
export const ITEM = {
  id: NUMBER.providerNumberId,
  record_type: 'phone_number',
  phone_number: NUMBER.phoneNumber,
  status: 'active',
  tags: ['tag_1', 'tag_2'],
  external_pin: '1234',
  connection_name: 'connection-name',
  connection_id: '1293384261075731461',
  customer_reference: 'customer-reference',
  t38_fax_gateway_enabled: true,
  phone_number_type: 'local',
  country_iso_alpha2: 'US',
  purchased_at: '2019-10-23T18:10:00.000Z',
  created_at: '2019-10-23T18:10:00.000Z',
  deletion_lock_enabled: false,
  call_forwarding_enabled: true,
};

export const VOICE = {
  id: NUMBER.providerNumberId,
  record_type: 'voice_settings',
  phone_number: NUMBER.phoneNumber,
  connection_id: ITEM.connection_id,
  translated_number: '',
  call_forwarding: { call_forwarding_enabled: true, forwards_to: '', forwarding_type: '' },
};

/** As in https://developers.telnyx.com/api-reference/texml-applications/creates-a-texml-application */
export const APPLICATION = {
  id: APP,
  record_type: 'texml_application',
  friendly_name: NAME,
  active: true,
  anchorsite_override: 'Latency',
  dtmf_type: 'RFC 2833',
  voice_url: TARGET.answerUrl,
  voice_fallback_url: '',
  voice_method: 'post',
  status_callback: TARGET.statusUrl,
  status_callback_method: 'post',
  inbound: { channel_limit: 10 },
  outbound: { channel_limit: 10, outbound_voice_profile_id: '1293384261075731497' },
};

export type Answer = readonly [status: number, body: unknown];

export const ok = (data: unknown, status = 200): Answer => [status, { data }];
export const list = (data: unknown[], page = 1, pages = 1): Answer => [
  200,
  { data, meta: { page_number: page, page_size: 250, total_pages: pages, total_results: 3 } },
];
/** https://developers.telnyx.com/development/api-fundamentals/api-errors */
export const refusal = (status: number, code: string, title: string): Answer => [
  status,
  { errors: [{ code, title, detail: `${title}, in detail`, meta: { url: `https://developers.telnyx.com/${code}` } }] },
];
export const NOT_FOUND = refusal(404, '10005', 'Resource not found');

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly json: unknown;
  readonly form: Record<string, string>;
}

/** In the vendor's place: keeps what it was asked, and gives one prepared answer after the other. */
export class VendorServer {
  asked: Asked[] = [];
  answers: Answer[] = [];
  /** Given by path, any number of times and before any other, for requests that are made at once. */
  standing: Readonly<Record<string, Answer>> = {};
  origin = '';
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', this.origin);
        const isJson = request.headers['content-type'] === 'application/json';
        this.asked.push({
          method: request.method ?? '',
          path: url.pathname,
          query: url.searchParams,
          authorization: request.headers.authorization,
          json: isJson ? JSON.parse(body) : undefined,
          form: isJson ? {} : Object.fromEntries(new URLSearchParams(body)),
        });
        const [status, answer] = this.standing[url.pathname] ?? this.answers.shift() ?? [500, {}];
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  prepare(...answers: Answer[]): void {
    this.asked = [];
    this.answers = answers;
    this.standing = {};
  }

  /** `METHOD /path` of each request, the path without `/v2`. */
  get trail(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path.replace(/^\/v2/, '')}`);
  }

  client(shared: SharedResources = new MemoryShared()): TelnyxClient {
    return new TelnyxClient(CREDENTIALS, new HttpClient({ vendor: 'telnyx', baseUrl: this.origin }), shared);
  }
}

export class MemoryShared implements SharedResources {
  readonly name = NAME;

  constructor(public values: SharedValues | null = { application_id: APP }) {}

  read(): Promise<SharedValues | null> {
    return Promise.resolve(this.values);
  }

  async ensure(make: (remembered: SharedValues | null) => Promise<SharedValues>): Promise<SharedValues> {
    this.values = await make(this.values);
    return this.values;
  }
}

export async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`Expected a ProviderError, got ${String(error)}`);
  return error;
}
