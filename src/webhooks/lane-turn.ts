import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../common/clock';
import { newId } from '../common/ids';
import { parseUrl } from '../common/parse-url';
import type { AttemptRecord, Chain, DeliveryResult, DueMessage, DueWork } from './delivery';
import { askedWaitMs, isDelivered, isGone, judge } from './judge';
import type { LaneHealth } from './lane-health';
import type { RetrySchedule } from './retry-schedule';
import type { WebhookReply } from './webhook-reply';

/** So many messages are on their way to one agent at once, each of another subject. */
const CONCURRENCY = 16;
/** So many subjects are read at once. */
export const READ_AHEAD = 32;
/** How long what has come meanwhile waits for one that is slow, in milliseconds. */
const REREAD_MS = 250;

/** What a turn works with. */
export interface TurnWork {
  readonly agentId: string;
  readonly url: string;
  readonly health: LaneHealth;
  readonly schedule: RetrySchedule;
  readonly clock: Clock;
  /** Nothing is begun after it, Unix milliseconds. */
  readonly deadline: number;
  readonly isStopping: () => boolean;
  /** What is due, but for the subjects that are named. */
  readonly read: (without: readonly string[]) => Promise<DueWork>;
  readonly readBodies: (messageIds: readonly string[]) => Promise<Map<string, DueMessage>>;
  readonly post: (message: DueMessage) => Promise<WebhookReply>;
  readonly record: (result: DeliveryResult) => Promise<void>;
}

/**
 * One process's turn at an agent: messages of different subjects side by side, those of one subject one after the other.
 * The next of a subject is sent only when the one before it is stored as delivered.
 */
export class LaneTurn {
  private readonly running = new Map<string, Promise<void>>();
  private queue: Chain[] = [];
  private messages = new Map<string, DueMessage>();
  private mayHaveMore = true;
  private readAt = -Infinity;
  private isOver = false;
  private failure: { readonly error: unknown } | undefined;
  private gone = false;

  constructor(private readonly work: TurnWork) {}

  /** Whether the receiver has said that it wants nothing more. */
  get isReceiverGone(): boolean {
    return this.gone;
  }

  /** @throws what kept a result from being stored, after everything under way has ended */
  async run(): Promise<void> {
    try {
      while (this.mayBegin() && (await this.advance()));
    } finally {
      await Promise.all(this.running.values());
    }
    if (this.failure) throw this.failure.error;
  }

  /** @returns whether there may be more to do */
  private async advance(): Promise<boolean> {
    if (this.queue.length === 0 && this.isReadDue()) await this.read();
    const concurrency = this.work.health.isOnTrial ? 1 : CONCURRENCY;
    while (this.running.size < concurrency) {
      const chain = this.queue.shift();
      if (!chain) break;
      this.begin(chain);
    }
    if (this.running.size === 0) return this.mayHaveMore;
    await this.untilSomethingEnds();
    return true;
  }

  /** With nothing under way a turn that found all there was is over; the next look for due agents finds what has come. */
  private isReadDue(): boolean {
    return this.mayHaveMore || (this.running.size > 0 && performance.now() - this.readAt >= REREAD_MS);
  }

  private async read(): Promise<void> {
    const { chains, blocked } = await this.work.read([...this.running.keys()]);
    this.readAt = performance.now();
    this.mayHaveMore = chains.length + blocked.length >= READ_AHEAD;
    this.messages = await this.work.readBodies(chains.flatMap(({ messageIds }) => messageIds));
    this.queue = [...chains];
  }

  private begin(chain: Chain): void {
    const messages = chain.messageIds.flatMap((id) => this.messages.get(id) ?? []);
    const running = this.deliverInTurn(messages)
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.running.delete(chain.orderKey));
    this.running.set(chain.orderKey, running);
  }

  private async untilSomethingEnds(): Promise<void> {
    const timer = new AbortController();
    const reread = delay(REREAD_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([reread, ...this.running.values()]);
    timer.abort();
  }

  private async deliverInTurn(messages: readonly DueMessage[]): Promise<void> {
    for (const message of messages) {
      if (!this.mayBegin() || !(await this.deliver(message))) return;
    }
  }

  /** @returns whether it was delivered */
  private async deliver(message: DueMessage): Promise<boolean> {
    const { agentId, url, health, schedule, clock } = this.work;
    const attemptedAt = clock.now();
    const reply = await this.work.post(message);
    if (reply.kind === 'failed' && reply.error === 'aborted') {
      this.isOver = true;
      return false;
    }
    const verdict = judge(reply, message.attempts + 1, schedule, clock.now());
    if (isDelivered(reply)) health.succeeded();
    else health.failed(askedWaitMs(reply));
    this.gone ||= isGone(reply);
    await this.work.record({ agentId, sentTo: url, message, attempt: attemptOf(url, attemptedAt, reply), verdict });
    return verdict.kind === 'delivered';
  }

  private mayBegin(): boolean {
    const { health, clock, deadline, isStopping } = this.work;
    const isHindered = this.isOver || this.gone || this.failure !== undefined || health.isHeld;
    return !isHindered && !isStopping() && clock.now() < deadline;
  }
}

function attemptOf(url: string, attemptedAt: number, reply: WebhookReply): AttemptRecord {
  const { latencyMs } = reply;
  const common = { attemptId: newId('attempt'), url: withoutSecrets(url), attemptedAt, latencyMs };
  return reply.kind === 'answered'
    ? { ...common, statusCode: reply.statusCode, error: null, response: reply.response }
    : { ...common, statusCode: null, error: reply.error, response: null };
}

/** Without query, name and password. */
function withoutSecrets(url: string): string {
  const parsed = parseUrl(url);
  return parsed ? `${parsed.origin}${parsed.pathname}` : '';
}
