import { ProviderError } from '../providers/contract/provider-error';

/** What is known of a number that the inventory does not have. */
export type Ownership =
  | { readonly kind: 'owned'; readonly providerNumberId: string | null }
  | { readonly kind: 'not_owned' }
  | { readonly kind: 'unreachable'; readonly status: 502 | 503 | 504; readonly retryAfterS?: number };

/** How a failed look-up is told: 504 for a timeout, 503 for a provider that asks us to wait, else 502. */
export function unreachable(error: unknown): Ownership {
  if (!(error instanceof ProviderError)) throw error;
  if (error.kind === 'not_owned') return { kind: 'not_owned' };
  if (error.timedOut) return { kind: 'unreachable', status: 504 };
  if (error.kind !== 'rate_limited') return { kind: 'unreachable', status: 502 };
  return { kind: 'unreachable', status: 503, retryAfterS: Math.ceil((error.retryAfterMs ?? 1000) / 1000) };
}
