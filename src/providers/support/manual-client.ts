import type { ProviderClient, VerificationResult } from '../contract/provider-adapter';
import { ProviderError } from '../contract/provider-error';
import type { CallReport, LiveCall, OutboundCall, PlacedCall } from '../contract/call';
import type { CurrentRoute, NumberPage, OwnedNumber } from '../contract/route';

/**
 * A client of a vendor whose API neither lists nor routes numbers: whoever asks it anyway is told so, and is never
 * made to believe that something was done.
 */
export abstract class ManualClient implements ProviderClient {
  protected constructor(private readonly vendor: string) {}

  abstract verify(signal?: AbortSignal): Promise<VerificationResult>;
  abstract placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall>;
  abstract hangup(call: LiveCall, signal?: AbortSignal): Promise<void>;

  readCall(): Promise<CallReport> {
    return Promise.resolve({ kind: 'untold' });
  }

  numbers(): AsyncIterable<NumberPage> {
    const next = () => this.refuse<IteratorResult<NumberPage>>('listing numbers');
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  find(): Promise<OwnedNumber | null> {
    return this.refuse('looking up a number');
  }

  readRoute(): Promise<CurrentRoute> {
    return this.refuse("reading a number's route");
  }

  route(): Promise<void> {
    return this.refuse('routing a number');
  }

  unroute(): Promise<void> {
    return this.refuse('giving back a route');
  }

  private refuse<T>(what: string): Promise<T> {
    const message = `${this.vendor} has no API for ${what}; it is done by hand in the provider's portal`;
    return Promise.reject(new ProviderError('permanent', message));
  }
}
