import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderError } from '../../contract/provider-error';
import { HttpClient } from '../../support/http-client';
import { TwilioClient } from './twilio.client';
import { TwilioCredentials } from './twilio.credentials';

export const ACCOUNT = 'AC755325d45d80675a4727a7a54e1b4ce4';
export const TOKEN = '0123456789abcdef0123456789abcdef';
export const KEY = 'SK0123456789abcdef0123456789abcdef';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: [string, string][];
  readonly authorization: string | undefined;
}

export type Answer = readonly [status: number, body: unknown];

export function credentialsOf(more: Partial<TwilioCredentials> = {}): TwilioCredentials {
  return Object.assign(new TwilioCredentials(), { account_sid: ACCOUNT, auth_token: TOKEN, ...more });
}

/** https://www.twilio.com/docs/usage/twilios-response#twilio-api-responses-error-and-status-codes */
export function refusal(status: number, code: number, message: string): Answer {
  return [status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }];
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export async function failure(promise: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`Expected a ProviderError, got ${String(error)}`);
  return error;
}

/** Gives the answers it was told to give, in turn, and remembers what it was asked. */
export class ScriptedTwilio {
  asked: Asked[] = [];
  answers: Answer[] = [];
  private origin = '';
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', this.origin);
      this.asked.push({
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        form: [...new URLSearchParams(body)],
        authorization: request.headers.authorization,
      });
      const [status, answer] = this.answers.shift() ?? [500, {}];
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  client(more: Partial<TwilioCredentials> = {}): TwilioClient {
    return new TwilioClient(credentialsOf(more), new HttpClient({ vendor: 'twilio', baseUrl: this.origin }));
  }
}
