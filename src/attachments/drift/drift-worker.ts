import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { CONFIG, type Config } from '../../config/config';
import { DriftCheck } from './drift-check';

/** Between two turns that found something due, so that providers are asked at a walk; and while nothing is, in milliseconds. */
const BUSY_MS = 500;
const IDLE_MS = 5_000;

/** Reads settled routes again in the background, in processes whose role includes it. */
@Injectable()
export class DriftWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DriftWorker.name);
  private readonly loop: BackgroundLoop;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    check: DriftCheck,
  ) {
    this.loop = new BackgroundLoop({
      turn: async () => ((await check.checkDue()) > 0 ? BUSY_MS : Math.min(IDLE_MS, config.routing.driftIntervalMs)),
      onFailure: (error) => this.logger.error({ err: error }, 'Routes to read again could not be found'),
    });
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api' && this.config.routing.driftIntervalMs > 0) this.loop.start();
  }

  beforeApplicationShutdown(): void {
    this.loop.stop();
  }
}
