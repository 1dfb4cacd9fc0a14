import { randomBytes } from 'node:crypto';

/** Within the 24 to 64 that the specification allows. */
const SECRET_BYTES = 32;

/**
 * A new secret to sign webhooks with: `whsec_` and base64 of random bytes.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** Where an agent's events go. */
export interface WebhookTarget {
  /** `null` = nowhere. */
  readonly url: string | null;
  /** Nothing is sent, because the receiver has answered that it is gone. */
  readonly isDisabled: boolean;
  /** What signs now: the newest first, and the one before it while both are good. None where they cannot be opened. */
  readonly secrets: readonly string[];
}

/** A secret just made by rotation. */
export interface RotatedSecret {
  readonly secret: string;
  /** Until when the one before it signs too, Unix milliseconds. */
  readonly formerValidUntil: number;
}
