import { jsonValue } from '../database/sql';

/** What an agent's webhook may be told of. */
export const WEBHOOK_EVENTS = [
  'call.initiated',
  'call.ringing',
  'call.answered',
  'call.ended',
  'number.attached',
  'number.detached',
  'number.status_changed',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** What an agent wants to be told of. */
export interface WebhookInterest {
  /** `null` = of nothing. */
  readonly webhookUrl: string | null;
  /** `null` = of all. */
  readonly webhookEvents: readonly WebhookEvent[] | null;
}

export function isInterested({ webhookUrl, webhookEvents }: WebhookInterest, event: WebhookEvent): boolean {
  return webhookUrl !== null && (webhookEvents === null || webhookEvents.includes(event));
}

/** As read from the database. */
export interface StoredInterest {
  readonly webhookUrl: string | null;
  readonly webhookEvents: string | readonly WebhookEvent[] | null;
}

export function interestOf({ webhookUrl, webhookEvents }: StoredInterest): WebhookInterest {
  return { webhookUrl, webhookEvents: jsonValue(webhookEvents) };
}
