import type { VendorRequest } from '../contract/http';

/**
 * How a call to a vendor ended: `ok` below 400, `refused` for a 4xx that was handed on to the adapter, and otherwise the
 * kind of the error thrown, with `timeout` set apart from the other transient ones. `circuit_open` and `queue_full` are
 * calls that were not made, so as to spare a vendor that fails and this process.
 */
export type VendorOutcome =
  'ok' | 'refused' | 'rate_limited' | 'timeout' | 'transient' | 'permanent' | 'circuit_open' | 'queue_full';

/** Told of every call once it has ended. None of the arguments can carry a credential or a URL. */
export type VendorObserver = (
  vendor: string,
  method: VendorRequest['method'],
  outcome: VendorOutcome,
  seconds: number,
) => void;
