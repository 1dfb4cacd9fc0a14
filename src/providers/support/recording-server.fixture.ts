import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: [string, string][];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A status and a body: a text is sent as it is, anything else as JSON. */
export type Reply = readonly [status: number, body: unknown];

/** A real server on loopback that gives the replies queued, in order, and remembers what it was asked. */
export class RecordingServer {
  readonly asked: Asked[] = [];
  readonly replies: Reply[] = [];
  origin = '';
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', this.origin);
      this.asked.push({
        method: request.method ?? '',
        path: url.pathname,
        query: [...url.searchParams],
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      const [status, body] = this.replies.shift() ?? [599, 'nothing was to be asked'];
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  reset(): void {
    this.asked.length = 0;
    this.replies.length = 0;
  }
}
