import type { AppError, ErrorDetail } from '../../common/errors/app-error';
import { ERROR_CATALOG, type ErrorReason } from '../../common/errors/error-catalog';

/** The envelope around every answer under `/api`: these five members, always. */
export interface Envelope<Failed extends boolean, Data extends object> {
  readonly error: Failed;
  /** Equals the HTTP status. */
  readonly code: number;
  readonly message: string;
  /** Unix time in milliseconds. */
  readonly timestamp: number;
  readonly data: Data;
}

export interface ErrorData {
  readonly reason: ErrorReason;
  readonly request_id: string;
  readonly details: readonly ErrorDetail[];
}

export type SuccessBody = Envelope<false, object>;
export type ErrorBody = Envelope<true, ErrorData>;

/** How much of a refused value is shown, in characters. */
export const VALUE_LENGTH = 100;

/** The body of a success. `nowMs` is Unix time in milliseconds. */
export function successBody(status: number, message: string, data: object, nowMs: number): SuccessBody {
  return { error: false, code: status, message, timestamp: nowMs, data };
}

/** The body of an error; the only place where one is made. `nowMs` is Unix time in milliseconds. */
export function errorBody(error: AppError, requestId: string, nowMs: number): ErrorBody {
  return {
    error: true,
    code: error.status,
    message: messageOf(error),
    timestamp: nowMs,
    data: { reason: error.reason, request_id: requestId, details: error.details.map(shownDetail) },
  };
}

/** A failed validation is told by its first fault in words, unless it brings a message of its own. */
function messageOf(error: AppError): string {
  const isFallback = error.message === ERROR_CATALOG.VALIDATION_FAILED.message;
  if (error.reason === 'VALIDATION_FAILED' && isFallback) return error.details[0]?.message ?? error.message;
  return error.message;
}

function shownDetail(detail: ErrorDetail): ErrorDetail {
  const { field, message } = detail;
  const value = shownValue(detail.value);
  return value === undefined ? { field, message } : { field, message, value };
}

function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'object' && value !== null) return cut(asJson(value));
  return value;
}

function asJson(value: object): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** Never ends inside a surrogate pair, and is well-formed even where the caller's text was not. */
function cut(text: string): string {
  const head = text.length > VALUE_LENGTH ? text.slice(0, VALUE_LENGTH).replace(/[\uD800-\uDBFF]$/, '') : text;
  return head.toWellFormed();
}
