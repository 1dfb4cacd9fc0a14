import { CLAIM_MS } from './sync-run';

/** A provider is waited for until so long before the claim lapses, in milliseconds, that the outcome can still be stored. */
const MARGIN_MS = 3_000;

/** Ends waiting for the provider in time, before the claim of a run lapses or when the process stops. */
export class SyncLease {
  private readonly controller = new AbortController();
  private timer = this.startTimer();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The claim was prolonged. */
  renew(): void {
    clearTimeout(this.timer);
    this.timer = this.startTimer();
  }

  /** The process stops: nothing is waited for any longer. */
  abort(): void {
    this.controller.abort();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private startTimer(): NodeJS.Timeout {
    // The name by which the HTTP client tells a time limit from a caller who has gone.
    const late = new DOMException('The provider takes too long', 'TimeoutError');
    return setTimeout(() => this.controller.abort(late), CLAIM_MS - MARGIN_MS);
  }
}
