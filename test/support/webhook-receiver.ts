import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedWebhook {
  /** Of the request, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: { readonly id: string; readonly type: string; readonly timestamp: string; readonly data: unknown };
}

type Answer = (received: ReceivedWebhook, response: ServerResponse, request: IncomingMessage) => void;

const OK: Answer = (_received, response) => response.end('ok');

/** An agent's server: remembers what it is sent and answers as it is told, 200 unless told otherwise. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  answer: Answer = OK;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const headers = request.headers as Record<string, string>;
        const received = { path: request.url ?? '', headers, text, body: JSON.parse(text) as ReceivedWebhook['body'] };
        this.received.push(received);
        this.answer(received, response, request);
      });
    });
  }

  /** @param port a free one unless given */
  static async start(port = 0): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve, reject) => {
      receiver.server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What came to a path, by the `step` of its data. */
  steps(path: string): unknown[] {
    const there = this.received.filter((each) => each.path === path);
    return there.map(({ body }) => (body.data as { readonly step?: unknown }).step);
  }

  /** Answers 200 again. */
  recover(): void {
    this.answer = OK;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
