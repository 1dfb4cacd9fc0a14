import { isISO8601 } from 'class-validator';
import { isE164 } from '../common/e164';
import { AppError, type ErrorDetail } from '../common/errors/app-error';
import { isId } from '../common/ids';
import { decodePageCursor } from '../http/pagination/page';
import type { CallStatus } from '../providers/contract/call';
import type { Call, CallDirection } from './call';
import type { CallQuery } from './dto/call-query.dto';

/** Ties a cursor to this list. */
export const CALL_LIST = 'call';

const DAY_MS = 86_400_000;
const KEY = /^(\d{1,15}) (\S{1,64})$/;

/** Where a page starts: behind this call, newest first. */
export interface CallKey {
  readonly startedAt: number;
  readonly callId: string;
}

export interface CallFilter {
  readonly agentId?: string;
  readonly farEnd?: string;
  readonly direction?: CallDirection;
  readonly status?: CallStatus;
  /** Unix milliseconds, inclusive. */
  readonly from?: number;
  /** Unix milliseconds, exclusive. */
  readonly to?: number;
}

/** @throws AppError `VALIDATION_FAILED` for days that no calendar has */
export function readCallFilter(query: CallQuery): CallFilter {
  const from = query.from_date === undefined ? undefined : timeOf(query.from_date);
  const to = query.to_date === undefined ? undefined : endOf(query.to_date);
  const details: ErrorDetail[] = [];
  if (Number.isNaN(from)) details.push(fault('from_date', query.from_date));
  if (Number.isNaN(to)) details.push(fault('to_date', query.to_date));
  if (details.length > 0) throw new AppError('VALIDATION_FAILED', { details });
  const farEnd = query.phone_number === undefined ? undefined : farEndOf(query.phone_number);
  return { agentId: query.agent_id, farEnd, direction: query.direction, status: query.call_status, from, to };
}

/**
 * The call that the page starts after. Whatever else a forged cursor holds never reaches the database.
 * @throws AppError `VALIDATION_FAILED`
 */
export function readCallCursor(cursor: string | undefined): CallKey | undefined {
  const key = decodePageCursor(CALL_LIST, cursor);
  if (key === undefined) return undefined;
  const [, startedAt = '', callId = ''] = KEY.exec(key) ?? [];
  if (isId('call', callId)) return { startedAt: Number(startedAt), callId };
  const message = 'cursor is not one of this list';
  throw new AppError('VALIDATION_FAILED', { details: [{ field: 'cursor', message, value: cursor }] });
}

export function callKey({ startedAt, callId }: Call): string {
  return `${startedAt} ${callId}`;
}

export function callNotFound(callId: string): never {
  throw new AppError('CALL_NOT_FOUND', { details: [{ field: 'call_id', message: 'no such call', value: callId }] });
}

/** @returns `NaN` where there is no such day or hour; `Date` takes the 30th of February for the 2nd of March */
function timeOf(date: string): number {
  const written = date.replace(' ', '+');
  return isISO8601(written, { strict: true, strictSeparator: true }) ? Date.parse(written) : NaN;
}

function endOf(date: string): number {
  return timeOf(date) + (date.includes('T') ? 0 : DAY_MS);
}

/** In a query a raw `+` arrives as a space. */
function farEndOf(given: string): string {
  const written = given.replace(/^ /, '+');
  return isE164(`+${written}`) ? `+${written}` : written;
}

function fault(field: string, value: string | undefined): ErrorDetail {
  return { field, message: `${field} is no day of the calendar`, value };
}
