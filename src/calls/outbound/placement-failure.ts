import { AppError } from '../../common/errors/app-error';
import { ProviderError } from '../../providers/contract/provider-error';

const RETRY_AFTER_S = 5;

/** Why a call that was surely not placed has failed: a word for its row, and what the client is told. */
export interface PlacementFailure {
  readonly endReason: string;
  readonly error: AppError;
}

/** What a provider's refusal means. @returns `null` where the phone may be ringing all the same */
export function placementFailure(error: unknown): PlacementFailure | null {
  if (!(error instanceof ProviderError) || error.isOutcomeUnknown) return null;
  if (error.isRetryable) return { endReason: 'provider_unavailable', error: unavailable(error) };
  const endReason = error.kind === 'credentials_rejected' ? 'credentials_rejected' : 'refused';
  const details = [{ field: 'phone_number', message: error.message }];
  return { endReason, error: new AppError('CALL_REFUSED', { details, cause: error }) };
}

/** A provider that could not be reached, or asks for patience. */
export function unavailable(error: ProviderError): AppError {
  const status = error.timedOut ? 504 : error.kind === 'rate_limited' ? 503 : 502;
  const retryAfterS = error.retryAfterMs === undefined ? RETRY_AFTER_S : Math.ceil(error.retryAfterMs / 1000);
  return new AppError('PROVIDER_UNAVAILABLE', { status, retryAfterS, cause: error });
}
