import type { RouteSnapshot } from '../providers/contract/route';
import type { ProviderName } from '../common/provider-name';
import type { NumberStatus } from '../phone-numbers/phone-number';

/** A claimed row: what the provider should be told, as of one generation. */
export interface RouteWork {
  readonly accountId: string;
  readonly e164: string;
  readonly provider: ProviderName;
  readonly providerNumberId: string | null;
  readonly agentId: string | null;
  /** Unix milliseconds. */
  readonly attachedAt: number | null;
  readonly status: NumberStatus;
  /** Whether the agent's webhook is to be told when the status changes. */
  readonly isFollowed: boolean;
  readonly generation: number;
  readonly attempts: number;
  readonly routeUrl: string | null;
  readonly formerRoute: RouteSnapshot | null;
  readonly claim: string;
  /** When the claim lapses and another may take the row; Unix milliseconds. */
  readonly claimedUntil: number;
}

export interface NumberKey {
  readonly accountId: string;
  readonly e164: string;
}

/** What an attempt at the provider came to. */
export type RouteOutcome =
  | { readonly kind: 'confirmed'; readonly providerNumberId: string | null; readonly routeUrl: string | null }
  | { readonly kind: 'retry'; readonly reason: string; readonly error: string; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly error: string }
  | { readonly kind: 'claim_lost' };
