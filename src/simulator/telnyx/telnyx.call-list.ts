import { SimCall } from '../core/call';
import { VendorReply } from '../core/vendor';
import { callResource, shownStatus } from './telnyx.call-resource';
import { TelnyxError } from './telnyx.errors';

const DEFAULT_SIZE = 50;
const MAX_SIZE = 1000;
const DAY_MS = 86_400_000;
const TIME_FILTER = /^(Start|End)Time(_gt|_lt|[<>])?$/;

/**
 * `GET /texml/Accounts/{account_sid}/Calls`. The newest first, the sizes of pages, and that a day is part of what is after
 * or before it are choices; the filters are written with `_gt` or, as they were earlier, with `>`.
 * https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-multiple-call-resources
 * @param calls of the account, in the order of their beginning
 */
export function callPage(calls: readonly SimCall[], query: URLSearchParams, accountSid: string): VendorReply {
  const tests = [...query].map(([name, value]) => testOf(name, value));
  const all = calls.filter((call) => tests.every((test) => test(call))).reverse();
  const size = Math.min(wholeNumber(query.get('PageSize')) || DEFAULT_SIZE, MAX_SIZE);
  const page = wholeNumber(query.get('Page')) ?? 0;
  const token = query.get('PageToken');
  const start = token === null ? page * size : 1 + all.findIndex(({ id }) => id === idOf(token));
  const items = all.slice(start, start + size);
  const last = items.at(-1);
  const path = `/v2/texml/Accounts/${accountSid}/Calls.json`;
  const hasMore = last !== undefined && start + size < all.length;
  const body = {
    calls: items.map(callResource),
    page,
    page_size: size,
    start,
    end: Math.max(start, start + items.length - 1),
    uri: `${path}?Page=${page}&PageSize=${size}`,
    first_page_uri: `${path}?Page=0&PageSize=${size}`,
    next_page_uri: hasMore ? `${path}?Page=${page + 1}&PageSize=${size}&PageToken=${tokenOf(last)}` : null,
  };
  return { status: 200, body };
}

function testOf(name: string, value: string): (call: SimCall) => boolean {
  if (name === 'To') return (call) => call.to === value;
  if (name === 'From') return (call) => call.from === value;
  if (name === 'Status') return (call) => shownStatus(call) === value;
  const [, edge, relation] = TIME_FILTER.exec(name) ?? [];
  if (edge === undefined) return () => true;
  const day = Date.parse(value);
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(day)) throw new TelnyxError(10015, `/${name}`);
  return (call) => {
    const time = edge === 'Start' ? call.started_at : call.ended_at;
    if (time === null) return false;
    if (relation === '_gt' || relation === '>') return time >= day;
    return relation === undefined ? time >= day && time < day + DAY_MS : time < day + DAY_MS;
  };
}

function tokenOf({ id }: SimCall): string {
  return Buffer.from(id).toString('base64url');
}

function idOf(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
