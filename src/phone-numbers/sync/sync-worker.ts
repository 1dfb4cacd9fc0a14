import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { CLOCK, type Clock } from '../../common/clock';
import { newId } from '../../common/ids';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import { type ProviderChange, ProviderChanges } from '../../providers/provider-changes';
import { ProviderSyncRepository } from './provider-sync.repository';
import { SyncSchedule } from './sync-schedule';

/** The rest between two looks at what is due, in milliseconds. */
const IDLE_MS = 1_000;
/** Within this time every process has heard of new credentials, in milliseconds. */
const CREDENTIALS_SPREAD_MS = 5_000;

/** Looks at the schedule again and again, in processes whose role includes it. */
@Injectable()
export class SyncWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SyncWorker.name);
  private readonly loop: BackgroundLoop;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    schedule: SyncSchedule,
    private readonly changes: ProviderChanges,
  ) {
    this.loop = new BackgroundLoop({
      turn: async () => {
        await schedule.beginDue();
        return IDLE_MS;
      },
      onFailure: (error) => this.logger.error({ err: error }, 'Due syncs could not be read'),
    });
  }

  onApplicationBootstrap(): void {
    this.changes.onChanged((change) => this.beginAnew(change));
    if (this.config.role !== 'api') this.loop.start();
  }

  /** Begins nothing new; the runner itself ends what is under way. */
  beforeApplicationShutdown(): void {
    this.loop.stop();
  }

  /** What was read with other credentials may be of another account, and its cursors mean nothing to this one. */
  private beginAnew({ accountId, provider }: ProviderChange): Promise<void> {
    const now = this.clock.now();
    const fresh = { syncId: newId('sync'), now, dueAt: now + CREDENTIALS_SPREAD_MS };
    return this.database.transaction((manager) => this.syncs.disown(manager, accountId, provider, fresh));
  }
}
