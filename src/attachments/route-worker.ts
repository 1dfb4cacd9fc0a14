import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import { ProviderChanges } from '../providers/provider-changes';
import { AttachmentsRepository } from './attachments.repository';
import { RouteReconciler } from './route-reconciler';

/** So many batches are worked on at once, so that one slow provider holds up one of them and not the rest. */
const LANES = 4;
/** How often an idle lane looks for due numbers, and how long it rests after a failure, in milliseconds. */
const IDLE_MS = 1_000;
const FAILURE_MS = 2_000;

/** Settles due routes in the background, in processes whose role includes it. */
@Injectable()
export class RouteWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RouteWorker.name);
  private readonly stop = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly reconciler: RouteReconciler,
    private readonly repository: AttachmentsRepository,
    private readonly changes: ProviderChanges,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.onChanged(({ accountId, provider }) =>
      this.database.transaction((manager) =>
        this.repository.retryProvider(manager, accountId, provider, this.clock.now()),
      ),
    );
    if (this.config.role === 'api') return;
    for (let lane = 0; lane < LANES; lane++) void this.run((lane * IDLE_MS) / LANES);
  }

  /** Begins nothing new; the reconciler itself waits for what is under way. */
  beforeApplicationShutdown(): void {
    this.stop.abort();
  }

  private async run(startsAfterMs: number): Promise<void> {
    await this.rest(startsAfterMs);
    while (!this.stop.signal.aborted) {
      const rest = await this.turn();
      if (rest > 0) await this.rest(rest);
    }
  }

  private async rest(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stop.signal }).catch(() => undefined);
  }

  /** @returns how long to rest before the next turn, in milliseconds */
  private async turn(): Promise<number> {
    try {
      return (await this.reconciler.settleDue()) > 0 ? 0 : IDLE_MS;
    } catch (error) {
      this.logger.error({ err: error }, 'Due routes could not be read');
      return FAILURE_MS;
    }
  }
}
