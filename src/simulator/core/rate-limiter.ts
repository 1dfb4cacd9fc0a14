/** A token bucket that holds one second's worth of requests. Off until a rate is set. */
export class RateLimiter {
  private perSecond: number | null = null;
  private tokens = 0;
  private filledAt = 0;

  constructor(private readonly now: () => number) {}

  /** @param perSecond requests per second, or `null` for no limit */
  set(perSecond: number | null): void {
    this.perSecond = perSecond;
    this.tokens = perSecond ?? 0;
    this.filledAt = this.now();
  }

  rate(): number | null {
    return this.perSecond;
  }

  /** Admits a request with `null`, or refuses it with the whole seconds after which to try again (at least 1). */
  take(): number | null {
    if (this.perSecond === null) return null;
    const now = this.now();
    this.tokens = Math.min(this.perSecond, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return Math.max(1, Math.ceil((1 - this.tokens) / this.perSecond));
    this.tokens -= 1;
    return null;
  }
}
