import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLanes } from '../../common/background-loop';
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
  private readonly lanes = new BackgroundLanes({
    lanes: LANES,
    idleMs: IDLE_MS,
    turn: () => this.sweep.checkDue(),
    onFailure: (error) => this.logger.error({ err: error }, 'Calls to look after could not be found'),
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sweep: CallSweep,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.lanes.start();
  }

  /** Begins nothing new; the sweep itself waits for what is under way. */
  beforeApplicationShutdown(): void {
    this.lanes.stop();
  }
}
