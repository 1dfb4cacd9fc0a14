import { backoffDelay } from '../../common/backoff';
import { AppError } from '../../common/errors/app-error';
import { ProviderError } from '../../providers/contract/provider-error';

const BACKOFF = { baseMs: 2_000, maxMs: 300_000 };
const MAX_ERROR_LENGTH = 255;
const UNAVAILABLE = 'The provider could not be reached; what was read so far is kept';

/** What a failure means for a run: to be gone on with later, or the end of it (`retryAfterMs` is `null`). */
export interface SyncFailure {
  readonly error: string;
  readonly retryAfterMs: number | null;
}

/**
 * An error that no adapter foresaw is tried again as well: the run is at a good place to go on from.
 * @param attempts failures in a row so far, this one not counted
 */
export function syncFailure(error: unknown, attempts: number): SyncFailure {
  const delay = backoffDelay(attempts + 1, BACKOFF);
  if (!(error instanceof ProviderError)) return { error: 'Unexpected failure', retryAfterMs: delay };
  const text = error.message.slice(0, MAX_ERROR_LENGTH);
  const retryAfterMs = error.isRetryable ? Math.max(delay, error.retryAfterMs ?? 0) : null;
  return { error: text, retryAfterMs };
}

/**
 * What a client who waits is told. As where credentials are put: 504 when the provider did not answer in time, 503 when
 * it could not be reached or asks to wait, 502 for a refusal or nonsense.
 */
export function syncError(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const fault = { field: 'provider', message: error.message };
  if (error.kind === 'credentials_rejected') {
    return new AppError('CREDENTIALS_REJECTED', { details: [fault], cause: error });
  }
  const then = error.isRetryable
    ? 'What was read so far is kept: the sync goes on from there in the background, or at once with another request'
    : 'What was read so far is kept; another request reads the list from its beginning';
  return new AppError('PROVIDER_UNAVAILABLE', {
    status: error.timedOut ? 504 : error.isRetryable ? 503 : 502,
    message: UNAVAILABLE,
    details: [fault, { field: 'provider', message: then }],
    retryAfterS: error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1000),
    cause: error,
  });
}
