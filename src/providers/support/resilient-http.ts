import { setTimeout as delay } from 'node:timers/promises';
import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IPolicy,
  noJitterGenerator,
  TaskCancelledError,
  wrap,
} from 'cockatiel';
import { backoffDelay } from '../../common/backoff';
import type { VendorHttp, VendorRequest, VendorResponse } from '../contract/http';
import { ProviderError } from '../contract/provider-error';
import type { VendorObserver } from './vendor-observer';

/** Calls under way at one provider account, and how many more may wait for their turn. */
const CONCURRENCY = 16;
const QUEUE = 10_000;
/** So many failures in a row open the circuit; it lets one call through after the first pause, doubled up to the longest. */
const FAILURES = 16;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
/** Tries of one call, and the longest pause before another try, in milliseconds. */
const TRIES = 3;
const LONGEST_WAIT_MS = 1_000;
const RETRY_BACKOFF = { baseMs: 100, maxMs: 400 };

export interface ResilientHttpOptions {
  /** Names the vendor in error messages and observations. */
  readonly vendor: string;
  readonly observe?: VendorObserver;
}

/**
 * One provider account's way to its vendor: a limited number of calls at once, another try where that is harmless, and no
 * calls at all for a while to a vendor that has stopped answering.
 */
export class ResilientHttp implements VendorHttp {
  private readonly policy: IPolicy;

  constructor(
    private readonly http: VendorHttp,
    private readonly options: ResilientHttpOptions,
  ) {
    const breaker = circuitBreaker(handleWhen(isVendorFailure), {
      halfOpenAfter: new ExponentialBackoff({
        generator: noJitterGenerator,
        initialDelay: FIRST_PAUSE_MS,
        maxDelay: LONGEST_PAUSE_MS,
      }),
      breaker: new ConsecutiveBreaker(FAILURES),
    });
    this.policy = wrap(bulkhead(CONCURRENCY, QUEUE), breaker);
  }

  async send(request: VendorRequest): Promise<VendorResponse> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.sendOnce(request);
      } catch (error) {
        const wait = attempt < TRIES ? pauseBefore(error, request, attempt) : null;
        if (wait === null || !(await waited(wait, request.signal))) throw error;
      }
    }
  }

  private async sendOnce(request: VendorRequest): Promise<VendorResponse> {
    try {
      return await this.policy.execute(() => this.http.send(request), request.signal);
    } catch (error) {
      throw this.toProviderError(error, request);
    }
  }

  private toProviderError(error: unknown, request: VendorRequest): unknown {
    const { vendor, observe } = this.options;
    if (error instanceof BrokenCircuitError) {
      observe?.(vendor, request.method, 'circuit_open', 0);
      const message = `${vendor} is not asked for a moment, since it has failed ${FAILURES} times in a row`;
      return new ProviderError('transient', message, { retryAfterMs: FIRST_PAUSE_MS });
    }
    if (error instanceof BulkheadRejectedError) {
      observe?.(vendor, request.method, 'queue_full', 0);
      return new ProviderError('transient', `Too many calls wait for ${vendor}`, { retryAfterMs: FIRST_PAUSE_MS });
    }
    if (error instanceof TaskCancelledError) {
      return new ProviderError('transient', `${vendor} could not be asked in time`, {
        timedOut: true,
        wasAbandoned: true,
      });
    }
    return error;
  }
}

/** What the vendor is to blame for; that a caller has stopped waiting tells nothing about it. */
function isVendorFailure(error: Error): boolean {
  return error instanceof ProviderError && error.kind === 'transient' && !error.wasAbandoned;
}

/** How long to wait before the same request may be sent again, in milliseconds; `null` where it may not. */
function pauseBefore(error: unknown, request: VendorRequest, attempt: number): number | null {
  if (!(error instanceof ProviderError) || !error.isRetryable || error.timedOut || request.signal?.aborted) return null;
  if (error.isOutcomeUnknown || request.retry === 'never') return null;
  const wait = Math.max(error.retryAfterMs ?? 0, backoffDelay(attempt, RETRY_BACKOFF));
  return wait <= LONGEST_WAIT_MS ? wait : null;
}

async function waited(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return delay(ms, true, { signal }).catch(() => false);
}
