import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SharedResources, SharedValues } from '../../contract/shared-resources';
import { HttpClient } from '../../support/http-client';
import { PlivoClient } from './plivo.client';
import { PlivoCredentials } from './plivo.credentials';

export const AUTH_ID = 'MAXXXXXXXXXXXXXXXXXX';
export const AUTH_TOKEN = 'my_auth_token';
export const ACCOUNT_PATH = `/v1/Account/${AUTH_ID}`;

/** An identifier beyond what a JSON number can hold: 2^53 is 9007199254740992. */
export const APP_ID = '15784735442685051';
export const SHARED_NAME = 'patchbay-prac_01ABC';

export const TARGET = {
  answerUrl: 'https://voice.example.com/inbound/plivo/key',
  statusUrl: 'https://voice.example.com/inbound/plivo/key/status',
};

/** As in https://www.plivo.com/docs/numbers/api/account-phone-number/list-all-my-numbers/ */
export function numberItem(number: string, appId: string | null, more: object = {}): object {
  return {
    added_on: '2013-12-05',
    alias: null,
    application: appId && `${ACCOUNT_PATH}/Application/${appId}/`,
    carrier: 'Plivo',
    monthly_rental_rate: '0.80000',
    number,
    number_type: 'local',
    region: 'Florida, UNITED STATES',
    resource_uri: `${ACCOUNT_PATH}/Number/${number}/`,
    sms_enabled: true,
    sub_account: null,
    voice_enabled: true,
    voice_rate: '0.00850',
    ...more,
  };
}

/** As in https://www.plivo.com/docs/account/api/application */
export function applicationItem(more: object = {}): object {
  return {
    answer_method: 'POST',
    answer_url: TARGET.answerUrl,
    app_id: APP_ID,
    app_name: SHARED_NAME,
    default_app: false,
    enabled: true,
    fallback_answer_url: '',
    fallback_method: 'POST',
    hangup_method: 'POST',
    hangup_url: TARGET.statusUrl,
    message_method: 'POST',
    message_url: '',
    public_uri: false,
    resource_uri: `${ACCOUNT_PATH}/Application/${APP_ID}/`,
    sip_uri: `sip:${APP_ID}@app.plivo.com`,
    sub_account: null,
    ...more,
  };
}

export type Answer = readonly [status: number, body?: unknown];

const API_ID = '5a9fcb68-582d-11e1-86da-6ff39efcb949';

export const CHANGED: Answer = [202, { message: 'changed', api_id: API_ID }];
export const NOT_FOUND: Answer = [404, { api_id: API_ID, error: 'not found' }];
export const NO_CONTENT: Answer = [204];
export const ok = (item: object): Answer => [200, { ...item, api_id: API_ID }];

export function page(objects: readonly unknown[], offset: number, total: number, more: object = {}): Answer {
  const end = offset + objects.length;
  const next = end < total ? `${ACCOUNT_PATH}/Number/?limit=20&offset=${end}` : null;
  const meta = { limit: 20, next, offset, previous: null, total_count: total, ...more };
  return [200, { api_id: API_ID, meta, objects }];
}

export interface Asked {
  /** Method, path below the account, and query. */
  readonly line: string;
  readonly json: unknown;
  readonly authorization: string | undefined;
}

/** Stands for Plivo: gives the answers it was told to, in their order, and remembers what it was asked. */
export class ScriptedPlivo {
  readonly asked: Asked[] = [];
  readonly answers: Answer[] = [];
  private readonly server: Server;
  private http: HttpClient | undefined;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const json: unknown = body === '' ? undefined : JSON.parse(body);
        const line = `${request.method} ${request.url?.replace(ACCOUNT_PATH, '')}`;
        this.asked.push({ line, json, authorization: request.headers.authorization });
        const [status, answer] = this.answers.shift() ?? [418, 'nothing was scripted'];
        const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
        response.writeHead(status, { 'Content-Type': typeof answer === 'string' ? 'text/html' : 'application/json' });
        response.end(answer === undefined ? undefined : text);
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    this.http = new HttpClient({ vendor: 'plivo', baseUrl: `http://127.0.0.1:${port}` });
  }

  async stop(): Promise<void> {
    await this.http?.close();
    this.server.closeAllConnections();
    this.server.close();
  }

  script(...answers: readonly Answer[]): void {
    this.asked.length = 0;
    this.answers.splice(0, this.answers.length, ...answers);
  }

  get lines(): string[] {
    return this.asked.map(({ line }) => line);
  }

  client(shared: SharedResources = new MemoryShared()): PlivoClient {
    if (!this.http) throw new Error('Not started');
    return new PlivoClient(credentials(), this.http, shared);
  }
}

export function credentials(): PlivoCredentials {
  return Object.assign(new PlivoCredentials(), { auth_id: AUTH_ID, auth_token: AUTH_TOKEN });
}

export class MemoryShared implements SharedResources {
  readonly name = SHARED_NAME;

  constructor(public remembered: SharedValues | null = null) {}

  read(): Promise<SharedValues | null> {
    return Promise.resolve(this.remembered);
  }

  async ensure(make: (remembered: SharedValues | null) => Promise<SharedValues>): Promise<SharedValues> {
    this.remembered = await make(this.remembered);
    return this.remembered;
  }
}
