import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderError } from '../../contract/provider-error';
import type { SharedResources, SharedValues } from '../../contract/shared-resources';
import { isRecord } from '../../support/json';
import { VonageCredentials } from './vonage.credentials';

export const CREDENTIALS = Object.assign(new VonageCredentials(), {
  api_key: 'a1b2c3d4',
  api_secret: 'AbCdEf0123456789',
  signature_secret: 'vonage-signature-secret-32-bytes!',
});

export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

export type Reply = readonly [status: number, body?: unknown];

/** A stand-in for both of Vonage's hosts, which answers what a test has laid ready, in order. */
export class VonageServer {
  readonly asked: Asked[] = [];
  answers: Reply[] = [];
  private server: Server | undefined;

  get url(): string {
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        this.asked.push({
          method: request.method ?? '',
          path: request.url ?? '',
          authorization: request.headers.authorization,
          contentType: request.headers['content-type'],
          body,
        });
        const [status, answer] = this.answers.shift() ?? [500, {}];
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(answer === undefined ? '' : JSON.stringify(answer));
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  reset(): void {
    this.asked.length = 0;
    this.answers = [];
  }

  /** The fields of the one form that was posted. */
  form(): Record<string, string> {
    const posted = this.asked.filter(({ path }) => path === '/number/update');
    if (posted.length !== 1) throw new Error(`Expected one update, got ${posted.length}`);
    return Object.fromEntries(new URLSearchParams(posted[0]?.body));
  }

  /** The JSON body of the one request with this method. */
  json(method: string): Record<string, unknown> {
    const sent = this.asked.filter((asked) => asked.method === method && asked.contentType === 'application/json');
    if (sent.length !== 1) throw new Error(`Expected one ${method}, got ${sent.length}`);
    const body: unknown = JSON.parse(sent[0]?.body ?? '');
    if (!isRecord(body)) throw new Error('Expected an object');
    return body;
  }
}

export class MemoryResources implements SharedResources {
  readonly name = 'patchbay-acc_01';
  /** How often something else was returned than what was remembered. */
  written = 0;

  constructor(public values: SharedValues | null = null) {}

  read(): Promise<SharedValues | null> {
    return Promise.resolve(this.values);
  }

  async ensure(make: (remembered: SharedValues | null) => Promise<SharedValues>): Promise<SharedValues> {
    const made = await make(this.values);
    if (made !== this.values) this.written += 1;
    this.values = made;
    return made;
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
