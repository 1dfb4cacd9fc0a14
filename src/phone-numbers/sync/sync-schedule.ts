import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import { PROVIDER_NAMES } from '../../common/provider-name';
import { ProvidersService } from '../../providers/providers.service';
import { ProviderSyncRepository } from './provider-sync.repository';
import { SyncClaims } from './sync-claims';
import type { SyncKey, SyncRecord } from './sync-run';
import { SyncRunner } from './sync-runner';

/** Syncs that a process has under way in the background. */
const AT_ONCE = 4;
/** How often accounts that are due by the clock are looked for, in milliseconds. */
const PERIOD_CHECK_MS = 30_000;

/** Which syncs are to be gone on with or begun without anybody asking. */
@Injectable()
export class SyncSchedule {
  private atWork = 0;
  private periodCheckedAt = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    private readonly claims: SyncClaims,
    private readonly runner: SyncRunner,
    private readonly providers: ProvidersService,
  ) {}

  /** Takes what is due and lets it run. */
  async beginDue(): Promise<void> {
    for (const key of await this.resumable()) await this.begin(key, isWaiting);
    const before = this.clock.now() - this.config.sync.intervalMs;
    for (const key of await this.outdated(before)) await this.begin(key, (record) => isOutdated(record, before));
  }

  private async resumable(): Promise<SyncKey[]> {
    const free = AT_ONCE - this.atWork;
    if (free <= 0) return [];
    return this.database.read((manager) => this.syncs.resumable(manager, this.clock.now(), free));
  }

  private async outdated(before: number): Promise<SyncKey[]> {
    const { intervalMs } = this.config.sync;
    const now = this.clock.now();
    const free = AT_ONCE - this.atWork;
    if (intervalMs === 0 || free <= 0) return [];
    if (now - this.periodCheckedAt < Math.min(PERIOD_CHECK_MS, intervalMs)) return [];
    const providers = PROVIDER_NAMES.filter((name) => this.providers.capabilities(name).list);
    const due = await this.database.read((manager) => this.syncs.outdated(manager, providers, before, free));
    // With more than can be begun now, the rest is looked for in the next turn.
    if (due.length < free) this.periodCheckedAt = now;
    return due;
  }

  private async begin(key: SyncKey, mayTake: (record: SyncRecord, now: number) => boolean): Promise<void> {
    const taken = await this.claims.take(key, mayTake);
    if (!taken?.run) return;
    this.atWork += 1;
    void this.runner.start(taken.run).finally(() => (this.atWork -= 1));
  }
}

function isWaiting({ state, claimedUntil, dueAt }: SyncRecord, now: number): boolean {
  return state === 'running' && (claimedUntil ?? dueAt ?? Number.POSITIVE_INFINITY) <= now;
}

/** Another process may have been quicker. */
function isOutdated({ state, endedAt }: SyncRecord, before: number): boolean {
  return state !== 'running' && (endedAt ?? 0) <= before;
}
