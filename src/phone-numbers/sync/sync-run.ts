import type { ProviderName } from '../../common/provider-name';

/**
 * - `running`: under way, or waiting to be gone on with
 * - `completed`: every number that the provider lists is in the inventory
 * - `failed`: the provider refused for good
 */
export const SYNC_STATES = ['running', 'completed', 'failed'] as const;
export type SyncState = (typeof SYNC_STATES)[number];

/** First the provider's list is read; then the inventory is swept for numbers that were not on it. */
export type SyncPhase = 'listing' | 'sweeping';

export interface SyncCounts {
  readonly added: number;
  readonly updated: number;
  readonly gone: number;
  readonly unchanged: number;
  /** On the provider's list, but in the inventory under another provider. */
  readonly skipped: number;
}

/** How far a run is. */
export interface SyncPlace {
  readonly phase: SyncPhase;
  /** Listing: the cursor behind the last page that is stored. Sweeping: the last number that was looked at. */
  readonly resumeAfter: string | null;
}

/** Which provider account a sync is of. */
export interface SyncKey {
  readonly providerAccountId: string;
  readonly accountId: string;
  readonly provider: ProviderName;
}

/** A stored sync. Times in Unix milliseconds. */
export interface SyncRecord extends SyncCounts, SyncPlace {
  readonly syncId: string;
  readonly state: SyncState;
  readonly claim: string | null;
  /** When the claim lapses; `null` while nobody is at it. */
  readonly claimedUntil: number | null;
  /** When a worker may go on; `null` while somebody is at it and once it has ended. */
  readonly dueAt: number | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly startedAt: number;
  /** When it was completed or failed. */
  readonly endedAt: number | null;
}

/** A sync in the hands of this process, for as long as the claim is its own. */
export interface SyncRun extends SyncKey, SyncPlace {
  readonly syncId: string;
  readonly claim: string;
  readonly attempts: number;
  readonly startedAt: number;
}

/** What one transaction of a run adds to its row. */
export interface SyncProgress extends SyncPlace {
  readonly counts: Partial<SyncCounts>;
  readonly claimedUntil: number;
}

/**
 * How long a claim is good for unless it is prolonged, in milliseconds: longer than a batch takes to read and to store,
 * and short enough that the run of a killed process is taken over within seconds.
 */
export const CLAIM_MS = 15_000;

/** Whether somebody is at the sync, rather than it being ended, waiting, or left behind by a process that died. */
export function isUnderWay({ state, claim, claimedUntil }: SyncRecord, now: number): boolean {
  return state === 'running' && claim !== null && (claimedUntil ?? 0) > now;
}
