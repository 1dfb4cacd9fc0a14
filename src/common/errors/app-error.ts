import { ERROR_CATALOG, type ErrorReason } from './error-catalog';

/** One fault, named by the request member it is about: `agent_id`, `numbers[3]`, `connect.url`. */
export interface ErrorDetail {
  readonly field: string;
  readonly message: string;
  readonly value?: unknown;
}

export interface AppErrorOptions {
  readonly details?: readonly ErrorDetail[];
  /** Replaces the catalogue's message where that depends on the fault. */
  readonly message?: string;
  /** Replaces the catalogue's status where one reason has several (502, 503, 504 of an unreachable provider). */
  readonly status?: number;
  /** Sent as the `Retry-After` header, in seconds. */
  readonly retryAfterS?: number;
  /** For the log only; never sent. */
  readonly cause?: unknown;
}

/** The one exception thrown below the HTTP edge, which alone turns it into an answer. */
export class AppError extends Error {
  readonly status: number;
  readonly details: readonly ErrorDetail[];
  readonly retryAfterS?: number;

  constructor(
    readonly reason: ErrorReason,
    options: AppErrorOptions = {},
  ) {
    super(options.message ?? ERROR_CATALOG[reason].message, { cause: options.cause });
    this.name = 'AppError';
    this.status = options.status ?? ERROR_CATALOG[reason].status;
    this.details = options.details ?? [];
    this.retryAfterS = options.retryAfterS;
  }
}
