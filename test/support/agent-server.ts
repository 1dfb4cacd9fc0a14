import { Webhook } from 'standardwebhooks';
import { type ReceivedWebhook, WebhookReceiver } from './webhook-receiver';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An agent's own server, which checks each webhook with the library of the standard before it takes it. */
export class AgentServer {
  readonly events: ReceivedEvent[] = [];
  /** Requests whose signature did not fit, by what the library said. */
  readonly refused: string[] = [];
  private secret: string | null = null;

  private constructor(private readonly receiver: WebhookReceiver) {
    receiver.answer = (received, response) => response.writeHead(this.take(received)).end();
  }

  static async start(): Promise<AgentServer> {
    return new AgentServer(await WebhookReceiver.start());
  }

  get url(): string {
    return `${this.receiver.origin}/events`;
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

  close(): Promise<void> {
    return this.receiver.close();
  }

  /** @returns the status to answer */
  private take({ text, headers, body }: ReceivedWebhook): number {
    if (this.secret !== null) {
      try {
        new Webhook(this.secret).verify(text, headers);
      } catch (error) {
        this.refused.push(String(error));
        return 401;
      }
    }
    this.events.push(body as ReceivedEvent);
    return 204;
  }
}
