/** How long a loop rests after a turn that failed, in milliseconds. */
const FAILURE_MS = 2_000;

export interface BackgroundLoopOptions {
  /** One turn; @returns how long to rest before the next one, in milliseconds */
  readonly turn: () => Promise<number>;
  readonly onFailure: (error: unknown) => void;
}

/** Takes turns, one after the other, until it is stopped; a turn under way is never cut short. */
export class BackgroundLoop {
  private isStopped = false;
  private wake: () => void = () => undefined;

  constructor(private readonly options: BackgroundLoopOptions) {}

  start(afterMs = 0): void {
    void this.run(afterMs);
  }

  /** Begins no further turn. */
  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  private async run(afterMs: number): Promise<void> {
    await this.rest(afterMs);
    while (!this.isStopped) await this.rest(await this.turn());
  }

  private async turn(): Promise<number> {
    try {
      return await this.options.turn();
    } catch (error) {
      this.options.onFailure(error);
      return FAILURE_MS;
    }
  }

  private async rest(ms: number): Promise<void> {
    if (ms === 0 || this.isStopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

export interface BackgroundLanesOptions {
  /** How many turns are taken at once. */
  readonly lanes: number;
  /** How long a lane rests that has found nothing to do, in milliseconds. */
  readonly idleMs: number;
  /** One turn; @returns how much there was to do */
  readonly turn: () => Promise<number>;
  readonly onFailure: (error: unknown) => void;
}

/** Loops side by side, so that what takes long in one holds up no other; they look for work one after the other. */
export class BackgroundLanes {
  private readonly loops: readonly BackgroundLoop[];

  constructor(private readonly options: BackgroundLanesOptions) {
    const { lanes, idleMs, turn, onFailure } = options;
    const rest = async () => ((await turn()) > 0 ? 0 : idleMs);
    this.loops = Array.from({ length: lanes }, () => new BackgroundLoop({ turn: rest, onFailure }));
  }

  start(): void {
    const { lanes, idleMs } = this.options;
    this.loops.forEach((loop, index) => loop.start((index * idleMs) / lanes));
  }

  /** Begins no further turn. */
  stop(): void {
    for (const loop of this.loops) loop.stop();
  }
}
