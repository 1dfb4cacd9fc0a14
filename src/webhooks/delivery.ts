import type { WebhookFault } from './webhook-reply';

/** Unix milliseconds where not said otherwise. */
export interface DueMessage {
  readonly messageId: string;
  readonly orderKey: string;
  readonly body: string;
  /** How often it has been tried since it became due for the first time, or was last delivered again. */
  readonly attempts: number;
}

/** Messages of one subject that are due, in their order. */
export interface Chain {
  readonly orderKey: string;
  readonly messageIds: readonly string[];
}

/** A subject whose first message is not due yet, although a later one is. */
export interface BlockedKey {
  readonly orderKey: string;
  readonly until: number;
}

export interface DueWork {
  readonly chains: readonly Chain[];
  readonly blocked: readonly BlockedKey[];
}

/** What is kept of a try. */
export interface AttemptRecord {
  readonly attemptId: string;
  /** Without a query, which may hold a secret. */
  readonly url: string;
  readonly attemptedAt: number;
  readonly latencyMs: number;
  readonly statusCode: number | null;
  readonly error: WebhookFault | null;
  readonly response: string | null;
}

/**
 * Why a message was given up:
 * - `retries_exhausted`: ten tries have failed
 * - `expired`: it was due for a day at a receiver that failed all the time
 * - `endpoint_disabled`: the receiver has answered 410
 * - `agent_deleted`, `no_webhook_url`: there is nobody to tell
 */
export const DEATH_REASONS = [
  'retries_exhausted',
  'expired',
  'endpoint_disabled',
  'agent_deleted',
  'no_webhook_url',
] as const;
export type DeathReason = (typeof DEATH_REASONS)[number];

/** What becomes of a message after a try. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly dueAt: number }
  | { readonly kind: 'dead'; readonly reason: DeathReason };

/** A try, and what it means for its message. */
export interface DeliveryResult {
  readonly agentId: string;
  /** The agent's URL as it was then. */
  readonly sentTo: string;
  readonly message: DueMessage;
  readonly attempt: AttemptRecord;
  readonly verdict: Verdict;
}

/** The right to deliver an agent's messages, until it lapses. */
export interface LaneClaim {
  readonly agentId: string;
  readonly claim: string;
  /** Failures in a row. */
  readonly failures: number;
}
