import { SimCall } from '../core/call';
import { VendorReply } from '../core/vendor';
import { causeOf } from './bandwidth.calls';
import { voiceError } from './bandwidth.errors';

const DEFAULT_SIZE = 1000;
const MAX_SIZE = 10_000;

/**
 * `listCalls` of bandwidth.yml: from the oldest to the newest, with the way to the next page in the `Link` header. A call in
 * the queue has no start, so no filter by one finds it, which is a choice.
 * @param calls of the account, in the order of their beginning
 */
export function callPage(
  calls: readonly SimCall[],
  query: URLSearchParams,
  accountId: string,
  stateOf: (call: SimCall) => unknown,
): VendorReply {
  const size = query.has('pageSize') ? Number(query.get('pageSize')) : DEFAULT_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
    return voiceError(400, `pageSize must be within the range [1, ${MAX_SIZE}], but was ${query.get('pageSize')}`);
  }
  const badTime = ['minStartTime', 'maxStartTime'].find((name) => Number.isNaN(timeOf(query, name) ?? 0));
  if (badTime !== undefined) return voiceError(400, `Invalid ${badTime}`);

  const all = calls.filter((call) => isWanted(call, query));
  const start = startAt(query.get('pageToken'));
  if (!Number.isInteger(start)) return voiceError(400, 'Invalid pageToken');
  const items = all.slice(start, start + size);
  const isLast = start + size >= all.length;
  const next = new URLSearchParams(query);
  next.set('pageToken', Buffer.from(String(start + size)).toString('base64url'));
  const url = `https://voice.bandwidth.com/api/v2/accounts/${accountId}/calls?${next.toString()}`;
  return { status: 200, headers: isLast ? {} : { Link: `<${url}>; rel="next"` }, body: items.map(stateOf) };
}

function isWanted(call: SimCall, query: URLSearchParams): boolean {
  const [to, from, cause] = ['to', 'from', 'disconnectCause'].map((name) => query.get(name));
  const [min, max] = [timeOf(query, 'minStartTime'), timeOf(query, 'maxStartTime')];
  const isInTime =
    (min === null && max === null) ||
    (call.status !== 'queued' && call.started_at >= (min ?? 0) && call.started_at <= (max ?? Infinity));
  const isOfParties = (!to || call.to === to) && (!from || call.from === from);
  return isInTime && isOfParties && (!cause || causeOf(call, call.status) === cause);
}

/** `NaN` for what is no time. */
function timeOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  return text === null ? null : Date.parse(text);
}

/** `NaN` for a token that is none of ours. */
function startAt(token: string | null): number {
  return token === null ? 0 : Number(Buffer.from(token, 'base64url').toString() || NaN);
}
