import { ProviderError } from '../contract/provider-error';

/**
 * An error of what has to be done before a call can be placed: whatever has become of that, no phone rings, so the
 * outcome of the call is known.
 */
export function beforeTheCall(error: unknown): unknown {
  if (!(error instanceof ProviderError) || !error.isOutcomeUnknown) return error;
  const { httpStatus, vendorCode, retryAfterMs, timedOut, wasAbandoned } = error;
  return new ProviderError(error.kind, error.message, { httpStatus, vendorCode, retryAfterMs, timedOut, wasAbandoned });
}
