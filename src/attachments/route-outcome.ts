import { backoffDelay } from '../common/backoff';
import { type NumberChange, statusChanges } from '../phone-numbers/news/number-change';
import type { NumberStatus } from '../phone-numbers/phone-number';
import { ProviderError, type ProviderErrorKind } from '../providers/contract/provider-error';
import type { RouteOutcome, RouteWork } from './route-work';

const BACKOFF = { baseMs: 1_000, maxMs: 300_000 };
const MAX_ERROR_LENGTH = 255;

/** The words that a number's `reason` uses for a provider that could not be told. */
const REASONS = {
  transient: 'provider_unavailable',
  rate_limited: 'provider_rate_limited',
  credentials_rejected: 'credentials_rejected',
  not_owned: 'not_owned_at_provider',
  permanent: 'refused_by_provider',
} as const satisfies Record<ProviderErrorKind, string>;

/** The provider account was deleted while a route was still to be changed. */
export const NOT_CONFIGURED: RouteOutcome = {
  kind: 'refused',
  reason: 'provider_not_configured',
  error: 'No credentials are stored for the provider',
};

/**
 * What a failure means for the number: a retry, no sooner than the provider's `Retry-After`, or a refusal for good.
 * An error that no adapter foresaw is retried, since giving up is what loses calls.
 *
 * @param attempts failed tries so far, this one not counted
 */
export function failed(error: unknown, attempts: number): RouteOutcome {
  const delay = backoffDelay(attempts + 1, BACKOFF);
  if (!(error instanceof ProviderError)) {
    return { kind: 'retry', reason: REASONS.transient, error: 'Unexpected failure', retryAfterMs: delay };
  }
  const reason = REASONS[error.kind];
  const text = error.message.slice(0, MAX_ERROR_LENGTH);
  return error.isRetryable
    ? { kind: 'retry', reason, error: text, retryAfterMs: Math.max(delay, error.retryAfterMs ?? 0) }
    : { kind: 'refused', reason, error: text };
}

/** How an attached number stands after an outcome that is written; `null` = as before. */
export function standingAfter(
  outcome: RouteOutcome,
): { readonly status: NumberStatus; readonly reason: string | null } | null {
  switch (outcome.kind) {
    case 'confirmed':
      return { status: 'active', reason: null };
    case 'retry':
      return { status: 'pending', reason: outcome.reason };
    case 'refused':
      return { status: 'inactive', reason: outcome.reason };
    case 'claim_lost':
      return null;
  }
}

/** What the agent's webhook is to be told of an outcome that is written. */
export function changesAfter({ agentId, isFollowed, ...work }: RouteWork, outcome: RouteOutcome): NumberChange[] {
  const standing = standingAfter(outcome);
  if (!isFollowed || agentId === null || standing === null) return [];
  return statusChanges(work.status, { ...work, agentId, ...standing });
}
