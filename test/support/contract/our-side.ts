import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnswerDocument } from '../../../src/providers/contract/answer';
import type { WebhookRequest } from '../../../src/providers/contract/webhook';

/** Stands where the vendors' requests come in: keeps them as they are and answers each with one document. */
export class OurSide {
  readonly requests: WebhookRequest[] = [];
  document: AnswerDocument = { contentType: 'text/plain', body: '' };

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests.push({
          method: request.method ?? '',
          url: this.url + (request.url ?? ''),
          headers: Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join() : value]),
          ),
          rawBody: Buffer.concat(chunks),
        });
        const { contentType, body } = this.document;
        response.writeHead(200, { 'Content-Type': contentType }).end(body);
      });
    });
  }

  static async open(): Promise<OurSide> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OurSide(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Those that came in at a path, in their order. */
  at(path: string): WebhookRequest[] {
    return this.requests.filter(({ url }) => new URL(url).pathname === path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
