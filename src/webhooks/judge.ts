import type { Verdict } from './delivery';
import type { RetrySchedule } from './retry-schedule';
import type { WebhookReply } from './webhook-reply';

const GONE = 410;

export function isDelivered(reply: WebhookReply): boolean {
  return reply.kind === 'answered' && reply.statusCode >= 200 && reply.statusCode < 300;
}

/** Whether the receiver says that it wants nothing more. */
export function isGone(reply: WebhookReply): boolean {
  return reply.kind === 'answered' && reply.statusCode === GONE;
}

/** What the receiver asks for with `Retry-After`, in milliseconds. */
export function askedWaitMs(reply: WebhookReply): number {
  return reply.kind === 'answered' && !isDelivered(reply) ? (reply.retryAfterMs ?? 0) : 0;
}

/**
 * What becomes of a message.
 * @param tries how many there have been, with this one
 * @param now Unix milliseconds
 */
export function judge(reply: WebhookReply, tries: number, schedule: RetrySchedule, now: number): Verdict {
  if (isDelivered(reply)) return { kind: 'delivered' };
  if (isGone(reply)) return { kind: 'dead', reason: 'endpoint_disabled' };
  const rest = schedule.restAfter(tries, askedWaitMs(reply));
  return rest === undefined ? { kind: 'dead', reason: 'retries_exhausted' } : { kind: 'retry', dueAt: now + rest };
}
