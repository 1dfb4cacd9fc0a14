import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { newId } from '../../common/ids';
import { Database } from '../../database/database';
import { isDuplicateKey, isForeignKeyViolation } from '../../database/db-errors';
import { ProviderSyncRepository } from './provider-sync.repository';
import { CLAIM_MS, type SyncKey, type SyncRecord, type SyncRun } from './sync-run';

/** An insert may lose to another one, which does not happen time and again. */
const MAX_TRIES = 3;

export interface Taken {
  /** `null` where it was not to be taken. */
  readonly run: SyncRun | null;
  /** How the sync stood before; `null` where there was none. */
  readonly before: SyncRecord | null;
}

/** Takes syncs into the hands of this process, one process at a time. */
@Injectable()
export class SyncClaims {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
  ) {}

  /**
   * An unfinished run is gone on with from where it is, after anything else a new one begins.
   * @param mayTake decides, with the row locked, on a sync that there is already
   * @returns `null` when the provider account is gone
   */
  async take(key: SyncKey, mayTake: (record: SyncRecord, now: number) => boolean): Promise<Taken | null> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.tryTake(key, mayTake);
      } catch (error) {
        if (isForeignKeyViolation(error)) return null;
        if (!isDuplicateKey(error) || attempt === MAX_TRIES) throw error;
      }
    }
  }

  private tryTake(key: SyncKey, mayTake: (record: SyncRecord, now: number) => boolean): Promise<Taken> {
    return this.database.transaction(async (manager): Promise<Taken> => {
      const before = await this.syncs.lock(manager, key.providerAccountId);
      const now = this.clock.now();
      if (before && !mayTake(before, now)) return { run: null, before };
      const claimedUntil = now + CLAIM_MS;
      if (before?.state === 'running') {
        const run = runOf(key, before);
        await this.syncs.resume(manager, run, claimedUntil);
        return { run, before };
      }
      const run = newRun(key, now);
      if (before) await this.syncs.restart(manager, run, claimedUntil);
      else await this.syncs.insert(manager, run, claimedUntil);
      return { run, before };
    });
  }
}

function newRun({ providerAccountId, accountId, provider }: SyncKey, now: number): SyncRun {
  const ids = { syncId: newId('sync'), claim: newId('claim') };
  const key = { providerAccountId, accountId, provider };
  return { ...key, ...ids, phase: 'listing', resumeAfter: null, attempts: 0, startedAt: now };
}

function runOf({ providerAccountId, accountId, provider }: SyncKey, record: SyncRecord): SyncRun {
  const { syncId, phase, resumeAfter, attempts, startedAt } = record;
  const key = { providerAccountId, accountId, provider };
  return { ...key, syncId, claim: newId('claim'), phase, resumeAfter, attempts, startedAt };
}
