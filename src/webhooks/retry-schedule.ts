/**
 * The rests before the second to the tenth try, as multiples of a base: with the base of five seconds 5 s, 30 s, 2 min,
 * 10 min, 30 min, 1 h, 3 h, 6 h and 12 h, so that the last try comes about a day after the first.
 */
const RESTS = [1, 6, 24, 120, 360, 720, 2_160, 4_320, 8_640] as const;
/** How many tries a message has. */
export const MAX_TRIES = RESTS.length + 1;
/** A rest is up to so much longer, so that what failed together does not come back together. */
const JITTER = 0.2;

/** Failures in a row after which a receiver is left alone for a while. */
export const FAILURES_BEFORE_HOLD = 5;
/** The longest hold, as a multiple of the base: five minutes with five seconds. */
const LONGEST_HOLD = 60;
/** How long a message may have been due at a receiver that fails all the time before it is given up: as all rests together. */
const LONGEST_DUE = RESTS.reduce((sum, rest) => sum + rest, 0);

/** Times in milliseconds. */
export class RetrySchedule {
  constructor(
    private readonly baseMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** How long a message may be due before it is given up, at a receiver that is being held. */
  get longestDueMs(): number {
    return LONGEST_DUE * this.baseMs;
  }

  /**
   * How long to rest before another try, or `undefined` when there is none left.
   * @param tries how many there have been
   * @param retryAfterMs what the receiver has asked for, which makes the rest longer but never shorter
   */
  restAfter(tries: number, retryAfterMs = 0): number | undefined {
    const rest = RESTS[tries - 1];
    if (rest === undefined) return undefined;
    return Math.max(Math.round(rest * this.baseMs * (1 + JITTER * this.random())), retryAfterMs);
  }

  /** How long a receiver is left alone after so many failures in a row: twice as long each time, up to a limit. */
  holdAfter(failures: number): number {
    const doublings = Math.min(Math.max(failures - FAILURES_BEFORE_HOLD, 0), 30);
    return Math.min(2 ** doublings, LONGEST_HOLD) * this.baseMs;
  }
}
