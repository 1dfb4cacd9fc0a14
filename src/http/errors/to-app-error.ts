import { HttpException, NotFoundException } from '@nestjs/common';
import { AppError } from '../../common/errors/app-error';
import type { ErrorReason } from '../../common/errors/error-catalog';
import { isUnavailable } from '../../database/db-errors';

/** Source: https://github.com/expressjs/body-parser#errors */
const REASON_BY_BODY_FAULT: Readonly<Record<string, ErrorReason>> = {
  'entity.too.large': 'PAYLOAD_TOO_LARGE',
  'encoding.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
  'charset.unsupported': 'UNSUPPORTED_MEDIA_TYPE',
};

/** What the caller is told of anything thrown; what we did not foresee is `INTERNAL`, with its cause kept for the log. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isUnavailable(error)) return new AppError('UNAVAILABLE', { retryAfterS: 1, cause: error });
  if (error instanceof NotFoundException) return new AppError('ROUTE_NOT_FOUND');
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error);
  if (isExposed(error)) return fromBodyFault(error) ?? fromStatus(error.status, error);
  return new AppError('INTERNAL', { cause: error });
}

function fromStatus(status: number, cause: unknown): AppError {
  const isCallers = status >= 400 && status < 500;
  return isCallers ? new AppError('MALFORMED_REQUEST') : new AppError('INTERNAL', { cause });
}

function fromBodyFault({ type }: ExposedError): AppError | undefined {
  const reason = typeof type === 'string' ? REASON_BY_BODY_FAULT[type] : undefined;
  return reason && new AppError(reason);
}

interface ExposedError extends Error {
  readonly status: number;
  readonly type?: unknown;
}

/** Express and its parsers mark with `expose` the errors whose status is meant for the caller. */
function isExposed(error: unknown): error is ExposedError {
  if (!(error instanceof Error)) return false;
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  return expose === true && typeof status === 'number';
}
