import type { OwnedNumber } from '../../providers/contract/route';
import type { ProviderName } from '../../common/provider-name';
import type { NumberStatus } from '../phone-number';
import type { SyncRun } from './sync-run';

/** Why an attached number is `inactive` that the provider's list does not have any more. */
export const GONE_AT_PROVIDER = 'gone_at_provider';

/** The same found out sooner, by whoever was to tell the provider about it. */
const LOST: ReadonlySet<string | null> = new Set([GONE_AT_PROVIDER, 'not_owned_at_provider']);

/** A number's row as a sync decides on it. */
export interface SyncedNumber {
  readonly e164: string;
  readonly provider: ProviderName;
  readonly providerNumberId: string | null;
  readonly agentId: string | null;
  /** Unix milliseconds, as `provenAt`. */
  readonly attachedAt: number | null;
  readonly status: NumberStatus;
  readonly reason: string | null;
  /** The last sync that found it at the provider. */
  readonly seenSync: string | null;
  /** For numbers that are bound by hand. */
  readonly provenAt: number | null;
}

/** A number's row as the sweep decides on it. Times in Unix milliseconds. */
export interface SweptNumber extends SyncedNumber {
  readonly routeGeneration: number;
  readonly confirmedGeneration: number;
  readonly routeDueAt: number | null;
  readonly createdAt: number;
}

/**
 * What finding a number on the provider's list means for its row.
 * - `counted`: this sync has met it before, which does not count twice
 * - `other_provider`: it is registered under another provider, and left alone
 * - `returned`: it was gone while attached, and is back
 * - `changed`: the provider has another identifier for it
 */
export type Verdict = 'counted' | 'other_provider' | 'returned' | 'changed' | 'unchanged';

export function verdictOn(
  row: SyncedNumber,
  listed: OwnedNumber,
  { syncId, provider }: Pick<SyncRun, 'syncId' | 'provider'>,
): Verdict {
  if (row.provider !== provider) return 'other_provider';
  if (row.seenSync === syncId) return 'counted';
  if (row.agentId !== null && row.status === 'inactive' && LOST.has(row.reason)) return 'returned';
  return hasNewId(row, listed) ? 'changed' : 'unchanged';
}

/** A list that gives no identifier says nothing against the one that is known. */
export function hasNewId(row: SyncedNumber, listed: OwnedNumber): boolean {
  return listed.providerNumberId !== null && listed.providerNumberId !== row.providerNumberId;
}

/** Whether the list that this sync has read to its end should have had the number: one that is newer may have missed it. */
export function isMissing(row: SweptNumber, run: Pick<SyncRun, 'syncId' | 'provider' | 'startedAt'>): boolean {
  return row.provider === run.provider && row.seenSync !== run.syncId && row.createdAt < run.startedAt;
}

/**
 * What becomes of a missing number.
 * - `deactivated`: it is attached, and stays so
 * - `removed`: the provider had it once, and nothing depends on it any more
 * - `kept`: the rest, such as one that was registered by hand and never seen, or known to be gone already
 */
export type Farewell = 'deactivated' | 'removed' | 'kept';

export function farewellTo(row: SweptNumber): Farewell {
  if (row.agentId !== null) {
    const isKnown = row.status === 'inactive' && row.reason === GONE_AT_PROVIDER && row.routeDueAt === null;
    return isKnown ? 'kept' : 'deactivated';
  }
  const wasThere = row.seenSync !== null || row.providerNumberId !== null;
  // Without a due time the provider has refused for good, and the former route is not waited for any longer.
  const isSettled = row.routeGeneration === row.confirmedGeneration || row.routeDueAt === null;
  return wasThere && isSettled ? 'removed' : 'kept';
}
