import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLanes } from '../common/background-loop';
import { CONFIG, type Config } from '../config/config';
import { ProviderChanges } from '../providers/provider-changes';
import { ProviderRetry } from './provider-retry';
import { RouteReconciler } from './route-reconciler';

/** So many batches are worked on at once, so that one slow provider holds up one of them and not the rest. */
const LANES = 4;
/** How often an idle lane looks for due numbers, in milliseconds. */
const IDLE_MS = 1_000;

/** Settles due routes in the background, in processes whose role includes it. */
@Injectable()
export class RouteWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RouteWorker.name);
  private readonly lanes = new BackgroundLanes({
    lanes: LANES,
    idleMs: IDLE_MS,
    turn: () => this.reconciler.settleDue(),
    onFailure: (error) => this.logger.error({ err: error }, 'Due routes could not be read'),
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reconciler: RouteReconciler,
    private readonly retries: ProviderRetry,
    private readonly changes: ProviderChanges,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.onChanged(({ accountId, provider }) => this.retries.retry(accountId, provider));
    if (this.config.role === 'api') return;
    this.lanes.start();
  }

  /** Begins nothing new; the reconciler itself waits for what is under way. */
  beforeApplicationShutdown(): void {
    this.lanes.stop();
  }
}
