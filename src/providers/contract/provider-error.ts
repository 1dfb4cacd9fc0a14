/**
 * Why a provider call failed, one word for every vendor:
 * - `transient`: network, timeout, 5xx; try again later
 * - `rate_limited`: try again after `retryAfterMs`
 * - `credentials_rejected`: wrong or revoked credentials, or ones without the needed right
 * - `not_owned`: the account does not hold the number
 * - `permanent`: the provider refuses this request and will refuse it again
 */
export type ProviderErrorKind = 'transient' | 'rate_limited' | 'credentials_rejected' | 'not_owned' | 'permanent';

export interface ProviderErrorOptions {
  readonly httpStatus?: number;
  /** The vendor's own error code, as text. */
  readonly vendorCode?: string;
  readonly retryAfterMs?: number;
  /** The answer did not come in time. */
  readonly timedOut?: boolean;
  /** The request may have reached the vendor, and may have been carried out. */
  readonly isOutcomeUnknown?: boolean;
  /** Whoever asked has stopped waiting, which tells nothing about the vendor. */
  readonly wasAbandoned?: boolean;
  readonly cause?: unknown;
}

/** Thrown by adapters. `message` is written by us and never carries credentials or a vendor's raw body. */
export class ProviderError extends Error {
  readonly httpStatus?: number;
  readonly vendorCode?: string;
  readonly retryAfterMs?: number;
  readonly timedOut: boolean;
  readonly isOutcomeUnknown: boolean;
  readonly wasAbandoned: boolean;

  constructor(
    readonly kind: ProviderErrorKind,
    message: string,
    options: ProviderErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ProviderError';
    this.httpStatus = options.httpStatus;
    this.vendorCode = options.vendorCode;
    this.retryAfterMs = options.retryAfterMs;
    this.timedOut = options.timedOut ?? false;
    this.isOutcomeUnknown = options.isOutcomeUnknown ?? false;
    this.wasAbandoned = options.wasAbandoned ?? false;
  }

  get isRetryable(): boolean {
    return this.kind === 'transient' || this.kind === 'rate_limited';
  }
}
