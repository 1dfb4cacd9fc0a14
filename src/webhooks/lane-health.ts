import { FAILURES_BEFORE_HOLD } from './retry-schedule';

/** How a receiver does, over the turns of its lane. */
export class LaneHealth {
  private isProbing: boolean;
  private askedToWaitMs = 0;

  /** @param count failures in a row before this turn */
  constructor(private count: number) {
    this.isProbing = count >= FAILURES_BEFORE_HOLD;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.count;
  }

  /** Whether only one message is to be tried, to see if the receiver is back. */
  get isOnTrial(): boolean {
    return this.isProbing;
  }

  /** Whether the receiver has failed all the time, this turn too. */
  get isDown(): boolean {
    return this.count >= FAILURES_BEFORE_HOLD && !this.isProbing;
  }

  /** Whether nothing more is to be sent for now. */
  get isHeld(): boolean {
    return this.askedToWaitMs > 0 || this.isDown;
  }

  /** What the receiver has asked for, in milliseconds. */
  get waitMs(): number {
    return this.askedToWaitMs;
  }

  succeeded(): void {
    this.count = 0;
    this.isProbing = false;
  }

  /**
   * A receiver that is down fails whatever is under way at once, which counts as one step and not as many.
   * @param waitMs what it has asked for with `Retry-After`, which concerns all that is sent to it
   */
  failed(waitMs = 0): void {
    this.askedToWaitMs = Math.max(this.askedToWaitMs, waitMs);
    if (this.count < FAILURES_BEFORE_HOLD || this.isProbing) this.count += 1;
    this.isProbing = false;
  }
}
