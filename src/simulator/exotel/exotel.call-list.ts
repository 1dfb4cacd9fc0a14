import { SIM_CALL_ENDS, SimCall } from '../core/call';
import { ExotelError, invalid } from './exotel.errors';
import { callResource, exotelStatus } from './exotel.call-resource';
import { e164From } from './exotel.number';
import { msFromExotelTime } from './exotel.time';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 100;
const MAX_NUMBERS = 5;
const DAY_MS = 86_400_000;
/** "Provide maximum date range of 1 month." */
const DEFAULT_RANGE_MS = 31 * DAY_MS;

type Test = (call: SimCall) => boolean;

/**
 * `GET Calls.json`. "Bulk Call Details will not provide ongoing calls' details", so only calls that are over are listed, the newest first
 * unless asked otherwise. The filters by duration and price are missing.
 * https://developer.exotel.com/api/call-details-bulk
 */
export function callList(
  accountSid: string,
  calls: readonly SimCall[],
  query: URLSearchParams,
  now: number,
): { body: Record<string, unknown> } | { error: ExotelError } {
  const tests = [
    within(query, now),
    listed(query, 'Sid'),
    worded(query),
    numbered(query, 'From'),
    numbered(query, 'To'),
  ];
  const size = sizeOf(query.get('PageSize'));
  const start = cursorOf(query.get('After'));
  if (!tests.every((test) => test !== undefined)) return { error: invalid('A filter is invalid') };
  if (size === undefined || start === undefined) return { error: invalid('PageSize or After is invalid') };
  const over = calls
    .filter(({ account, status }) => account === accountSid && SIM_CALL_ENDS.some((end) => end === status))
    .filter((call) => tests.every((test) => test(call)));
  if (query.get('SortBy') !== 'DateCreated:asc') over.reverse();
  const uri = (after: number | null) => {
    const parameters = new URLSearchParams(query);
    if (after === null) parameters.delete('After');
    else parameters.set('After', String(after));
    return `/v1/Accounts/${accountSid}/Calls.json?${parameters.toString()}`;
  };
  const metadata = {
    Total: over.length,
    PageSize: size,
    FirstPageUri: uri(null),
    PrevPageUri: null,
    NextPageUri: start + size < over.length ? uri(start + size) : null,
  };
  return {
    body: { Metadata: metadata, Calls: over.slice(start, start + size).map((call) => callResource(call, false)) },
  };
}

/** `gte:2019-01-01 00:00:00;lte:2019-01-31 23:59:59`. */
function within(query: URLSearchParams, now: number): Test | undefined {
  const given = query.get('DateCreated');
  if (given === null) return ({ started_at: at }) => at >= now - DEFAULT_RANGE_MS;
  const [, from = '', until = ''] = /^gte:([^;]+);lte:([^;]+)$/.exec(given) ?? [];
  const [since, to] = [msFromExotelTime(from), msFromExotelTime(until)];
  if (since === null || to === null || to - since > DEFAULT_RANGE_MS) return undefined;
  // Times are whole seconds.
  return ({ started_at: at }) => Math.floor(at / 1000) * 1000 >= since && at < to + 1000;
}

function listed(query: URLSearchParams, name: 'Sid'): Test {
  const given = query.get(name)?.split(',');
  return ({ id }) => given === undefined || given.includes(id);
}

function worded(query: URLSearchParams): Test {
  const [status, direction] = [query.get('Status'), query.get('Direction')];
  return (call) =>
    (status === null || exotelStatus(call.status) === status) &&
    (direction === null || direction === (call.direction === 'inbound' ? 'inbound' : 'outbound-api'));
}

/** `From` is the far end in both directions, `To` the ExoPhone. */
function numbered(query: URLSearchParams, name: 'From' | 'To'): Test | undefined {
  const given = query.get(name)?.split(',').map(e164From);
  if (given === undefined) return () => true;
  if (given.length > MAX_NUMBERS || given.includes(undefined)) return undefined;
  return ({ direction, from, to }) => given.includes((direction === 'inbound') === (name === 'From') ? from : to);
}

function sizeOf(given: string | null): number | undefined {
  const size = given === null ? DEFAULT_PAGE_SIZE : Number(given);
  return Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE ? size : undefined;
}

/** Opaque to whoever asks. */
function cursorOf(given: string | null): number | undefined {
  if (given === null) return 0;
  return /^\d{1,9}$/.test(given) ? Number(given) : undefined;
}
