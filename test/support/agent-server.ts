import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a receiver answers: a status and, now and then, a body. */
export type ReceiverAnswer = (event: ReceivedEvent) => number | { readonly status: number; readonly body: string };

/** An agent's own server, which takes webhooks in and checks each with the library of the standard. */
export class AgentServer {
  readonly events: ReceivedEvent[] = [];
  /** Requests whose signature did not fit, by what the library said. */
  readonly refused: string[] = [];
  answer: ReceiverAnswer = () => 204;
  private secret: string | null = null;

  private constructor(private readonly server: Server) {}

  static async start(port = 0): Promise<AgentServer> {
    const server = createServer();
    const receiver = new AgentServer(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answered = receiver.take(Buffer.concat(chunks).toString('utf8'), request.headers);
        const { status, body } = typeof answered === 'number' ? { status: answered, body: '' } : answered;
        response.writeHead(status).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/events`;
  }

  /** From now on only what is signed with this secret is taken. */
  trust(secret: string): void {
    this.secret = secret;
  }

  /** Types of the events about one call, or one number, as they came. */
  typesAbout(subject: string): string[] {
    return this.about(subject).map(({ type }) => type);
  }

  about(subject: string): ReceivedEvent[] {
    return this.events.filter(({ data }) => data.call_id === subject || data.phone_number === subject);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(body: string, headers: IncomingHttpHeaders): ReturnType<ReceiverAnswer> {
    if (this.secret !== null) {
      try {
        new Webhook(this.secret).verify(body, headers as Record<string, string>);
      } catch (error) {
        this.refused.push(String(error));
        return 401;
      }
    }
    const event = JSON.parse(body) as ReceivedEvent;
    const answer = this.answer(event);
    this.events.push(event);
    return answer;
  }
}
