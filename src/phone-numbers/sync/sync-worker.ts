import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { newId } from '../../common/ids';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import { type ProviderChange, ProviderChanges } from '../../providers/provider-changes';
import { ProviderSyncRepository } from './provider-sync.repository';
import { SyncSchedule } from './sync-schedule';

/** The rest between two looks at what is due, also after one that failed, in milliseconds. */
const IDLE_MS = 1_000;
const FAILURE_MS = 2_000;
/** Within this time every process has heard of new credentials, in milliseconds. */
const CREDENTIALS_SPREAD_MS = 5_000;

/** Looks at the schedule again and again, in processes whose role includes it. */
@Injectable()
export class SyncWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncWorker.name);
  private readonly stop = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    private readonly schedule: SyncSchedule,
    private readonly changes: ProviderChanges,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.onChanged((change) => this.beginAnew(change));
    if (this.config.role !== 'api') void this.run();
  }

  /** Begins nothing new; the runner itself ends what is under way. */
  beforeApplicationShutdown(): void {
    this.stop.abort();
  }

  /** What was read with other credentials may be of another account, and its cursors mean nothing to this one. */
  private beginAnew({ accountId, provider }: ProviderChange): Promise<void> {
    const now = this.clock.now();
    const fresh = { syncId: newId('sync'), now, dueAt: now + CREDENTIALS_SPREAD_MS };
    return this.database.transaction((manager) => this.syncs.disown(manager, accountId, provider, fresh));
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const restMs = await this.turn();
      await delay(restMs, undefined, { signal: this.stop.signal }).catch(() => undefined);
    }
  }

  /** @returns how long to rest before the next turn, in milliseconds */
  private async turn(): Promise<number> {
    try {
      await this.schedule.beginDue();
      return IDLE_MS;
    } catch (error) {
      this.logger.error({ err: error }, 'Due syncs could not be read');
      return FAILURE_MS;
    }
  }
}
