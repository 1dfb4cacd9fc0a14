import { SimCall } from '../core/call';
import { callList } from './exotel.call-list';

const SID = 'acme1';
/** 10:48:33 in India. */
const AT = Date.UTC(2017, 2, 3, 5, 18, 33, 500);
const DAY_MS = 86_400_000;

function call(id: string, more: Partial<SimCall> = {}): SimCall {
  return {
    id,
    account: SID,
    direction: 'outbound',
    from: '+918047281001',
    to: '+919876530240',
    status: 'completed',
    started_at: AT,
    answered_at: AT + 5_000,
    ended_at: AT + 22_000,
    details: {},
    understood: null,
    exchanges: [],
    ...more,
  };
}

const CALLS = [
  call('first'),
  call('second', { started_at: AT + 1_000, to: '+919876530241', status: 'busy', answered_at: null }),
  call('incoming', { started_at: AT + 2_000, direction: 'inbound', from: '+919876530240', to: '+918047281001' }),
  call('under-way', { status: 'in_progress', ended_at: null }),
  call('of-another', { account: 'acme2' }),
];

function listed(query: Readonly<Record<string, string>> = {}, now = AT): string[] {
  const list = callList(SID, CALLS, new URLSearchParams(query), now);
  if ('error' in list) throw new Error(list.error.message);
  return (list.body.Calls as { Sid: string }[]).map(({ Sid }) => Sid);
}

// https://developer.exotel.com/api/call-details-bulk
describe('the list of calls', () => {
  it('holds the account’s calls of a month that are over, the newest first', () => {
    expect(listed()).toEqual(['incoming', 'second', 'first']);
    expect(listed({ SortBy: 'DateCreated:asc' })).toEqual(['first', 'second', 'incoming']);
    expect(listed({}, AT + 31 * DAY_MS + 1_500)).toEqual(['incoming']);
  });

  it.each([
    [{ Sid: 'first,under-way' }, ['first']],
    [{ From: '+919876530240' }, ['incoming', 'first']],
    [{ From: '+919876530241,+919876530249' }, ['second']],
    [{ To: '+918047281001', Direction: 'outbound-api' }, ['second', 'first']],
    [{ Direction: 'inbound' }, ['incoming']],
    [{ Status: 'busy' }, ['second']],
    [{ DateCreated: 'gte:2017-03-03 10:48:33;lte:2017-03-03 10:48:34' }, ['second', 'first']],
    [{ DateCreated: 'gte:2017-03-03 10:48:35;lte:2017-03-03 11:00:00' }, ['incoming']],
  ])('is filtered by %j', (query, ids) => expect(listed(query)).toEqual(ids));

  it('goes on behind a cursor', () => {
    const query = { PageSize: '2', Direction: 'outbound-api', SortBy: 'DateCreated:asc' };
    expect(callList(SID, CALLS, new URLSearchParams(query), AT)).toMatchObject({
      body: { Metadata: { Total: 2, PageSize: 2, NextPageUri: null } },
    });
    const first = callList(SID, CALLS, new URLSearchParams({ PageSize: '2' }), AT);
    const next = 'body' in first ? (first.body.Metadata as { NextPageUri: string }).NextPageUri : '';
    expect(next).toContain(`/v1/Accounts/${SID}/Calls.json?`);
    expect(listed(Object.fromEntries(new URLSearchParams(next.split('?')[1])))).toEqual(['first']);
  });

  it.each<Record<string, string>>([
    { DateCreated: '2017-03-03 10:48:33' },
    { DateCreated: 'gte:2017-01-01 00:00:00;lte:2017-03-03 00:00:00' },
    { From: 'nobody' },
    { To: Array.from({ length: 6 }, (_, index) => `+91987653024${index}`).join() },
    { PageSize: '101' },
    { After: 'x' },
  ])('is refused for %j', (query) => {
    expect(callList(SID, CALLS, new URLSearchParams(query), AT)).toMatchObject({ error: { status: 400 } });
  });
});
