import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '../../common/background-loop';
import { CONFIG, type Config } from '../../config/config';
import { CallSweep } from './call-sweep';

/** So many batches are looked after at once, so that one slow provider holds up one of them and not the rest. */
const LANES = 2;
/** How often an idle lane looks for due calls, in milliseconds. */
const IDLE_MS = 1_000;

/** Looks after calls in the background, in processes whose role includes it. */
@Injectable()
export class CallSweepWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(CallSweepWorker.name);
  private readonly lanes = Array.from({ length: LANES }, () => this.makeLane());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sweep: CallSweep,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.lanes.forEach((lane, index) => lane.start((index * IDLE_MS) / LANES));
  }

  /** Begins nothing new; the sweep itself waits for what is under way. */
  beforeApplicationShutdown(): void {
    for (const lane of this.lanes) lane.stop();
  }

  private makeLane(): BackgroundLoop {
    return new BackgroundLoop({
      turn: async () => ((await this.sweep.checkDue()) > 0 ? 0 : IDLE_MS),
      onFailure: (error) => this.logger.error({ err: error }, 'Calls to look after could not be found'),
    });
  }
}
