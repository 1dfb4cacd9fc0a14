import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderError } from '../../contract/provider-error';
import type { SharedResources, SharedValues } from '../../contract/shared-resources';
import { HttpClient } from '../../support/http-client';
import { BandwidthClient } from './bandwidth.client';
import { BandwidthCredentials } from './bandwidth.credentials';

export const ACCOUNT = '9900000';
export const NAME = 'patchbay-01J9';
export const USER = { account_id: ACCOUNT, username: 'dash', password: 'pa:ss' };
export const OAUTH = { account_id: ACCOUNT, client_id: 'client-1', client_secret: 'secret-1' };
export const NUMBERS = `/api/v2/accounts/${ACCOUNT}`;
export const PLATFORM = `/v2/accounts/${ACCOUNT}`;
export const TARGET = {
  answerUrl: 'https://voice.example.com/inbound/bandwidth/key?a=1&b=2',
  statusUrl: 'https://voice.example.com/inbound/bandwidth/key/status',
};
/** The application of https://dev.bandwidth.com/docs/account/programmatic-setup */
export const APPLICATION = '0fff897a-3ee3-4e7e-94d7-89a067cdfe6b';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  readonly contentType: string | undefined;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const xml = (body: string, status = 200): Reply => ({
  status,
  headers: { 'Content-Type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`,
});
export const json = (body: unknown, status = 200): Reply => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

/** As https://dev.bandwidth.com/docs/account/applications shows an application; the password is never shown. */
export const application = (answerUrl: string, statusUrl: string, user: string, name = NAME): string =>
  `<Application><ApplicationId>${APPLICATION}</ApplicationId><ServiceType>Voice-V2</ServiceType><AppName>${name}</AppName>` +
  `<CallInitiatedCallbackUrl>${escaped(answerUrl)}</CallInitiatedCallbackUrl><CallInitiatedMethod>POST</CallInitiatedMethod>` +
  `<CallStatusCallbackUrl>${escaped(statusUrl)}</CallStatusCallbackUrl><CallStatusMethod>POST</CallStatusMethod>` +
  `<CallbackCreds><UserId>${user}</UserId></CallbackCreds></Application>`;
export const ours = (user: string): string => application(TARGET.answerUrl, TARGET.statusUrl, user);
export const applicationAnswer = (inner: string): Reply =>
  xml(`<ApplicationProvisioningResponse>${inner}</ApplicationProvisioningResponse>`);

/** As `/tns/{tn}/tndetails` of numbers_v2.yml shows a number. */
export const details = (
  number: string,
  { site = '479', peer = '500014', account = ACCOUNT, status = 'Inservice', more = '' } = {},
): Reply =>
  xml(
    `<TelephoneNumberResponse><TelephoneNumberDetails><City>JERSEY CITY</City><FullNumber>${number}</FullNumber>` +
      `<Tier>0</Tier><Status>${status}</Status><AccountId>${account}</AccountId>` +
      `<Site><Id>${site}</Id><Name>site_9b08f</Name></Site><SipPeer><PeerId>${peer}</PeerId><PeerName>a2750fad-3</PeerName></SipPeer>` +
      `<Features/>${more}</TelephoneNumberDetails></TelephoneNumberResponse>`,
  );

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;');
}

type Answers = Record<string, Reply | readonly Reply[]>;

/** A stand-in for Bandwidth that gives prepared answers by method and path; of a list one after the other, the last for ever. */
export class FakeBandwidth {
  asked: Asked[] = [];
  answers: Answers = {};
  private server: Server | null = null;
  private readonly given = new Map<string, number>();

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://fake');
        const { authorization, accept, 'content-type': contentType } = request.headers;
        const method = request.method ?? '';
        const path = url.pathname;
        this.asked.push({ method, path, query: url.searchParams, body, authorization, accept, contentType });
        const reply = this.next(`${method} ${path}`);
        response.writeHead(reply.status, reply.headers).end(reply.body);
      });
    });
    const { server } = this;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  reset(answers: Answers = {}): void {
    this.asked = [];
    this.answers = answers;
    this.given.clear();
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  /** What was asked, as `GET /path`. */
  get lines(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }

  last(line: string): Asked {
    const found = this.asked.findLast(({ method, path }) => `${method} ${path}` === line);
    if (!found) throw new Error(`Nobody asked ${line}, but ${this.lines.join(', ')}`);
    return found;
  }

  private next(line: string): Reply {
    const answer = this.answers[line];
    if (answer === undefined) return { status: 418, body: `nothing is prepared for ${line}` };
    if (!Array.isArray(answer)) return answer as Reply;
    const list = answer as readonly Reply[];
    const position = this.given.get(line) ?? 0;
    this.given.set(line, position + 1);
    return list[Math.min(position, list.length - 1)] ?? { status: 418 };
  }
}

/** Remembers in memory, one maker at a time. */
export class MemoryShared implements SharedResources {
  readonly name = NAME;
  writes = 0;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(public values: SharedValues | null = null) {}

  read(): Promise<SharedValues | null> {
    return Promise.resolve(this.values);
  }

  ensure(make: (remembered: SharedValues | null) => Promise<SharedValues>): Promise<SharedValues> {
    const made = this.queue.then(async () => {
      const values = await make(this.values);
      if (values !== this.values) this.writes += 1;
      this.values = values;
      return values;
    });
    this.queue = made.catch(() => undefined);
    return made;
  }
}

/** A clock that moves only while somebody sleeps. */
export class SleepingClock {
  time = 1_700_000_000_000;
  readonly slept: number[] = [];
  readonly now = (): number => this.time;
  readonly sleep = (ms: number): Promise<void> => {
    this.slept.push(ms);
    this.time += ms;
    return Promise.resolve();
  };
}

export function clientOf(
  fake: FakeBandwidth,
  shared: SharedResources,
  credentials: Partial<BandwidthCredentials> = USER,
  clock = new SleepingClock(),
): BandwidthClient {
  const http = new HttpClient({ vendor: 'bandwidth', baseUrl: fake.origin });
  const given = Object.assign(new BandwidthCredentials(), credentials);
  return new BandwidthClient(given, http, shared, clock, clock.sleep);
}

export async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`Expected a ProviderError, got ${String(error)}`);
  return error;
}

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
