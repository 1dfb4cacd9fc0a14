import type { SoughtCall } from '../../contract/call';
import { type Answer, failure, NOT_FOUND, ok, refusal, VendorServer } from './telnyx.fixture';

const vendor = new VendorServer();
const ORGANIZATION = '61bf923e-5e4d-4595-a110-56190ea18a1b';
const USER = 'f5586561-8ff0-4291-a51b-c7dfe4139ff9';
const SELF = ok({ organization_id: ORGANIZATION, user_id: USER });
const SID = 'v3:KBnLO0ZK3DhKM5s7bE9VluaSmKsOchKht_fUYvxcp8ysbmzCCtpkmA';
const OTHER = 'v3:9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ';
/** The example of https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-a-call */
const COMPLETED = {
  account_sid: ORGANIZATION,
  answered_by: null,
  caller_name: '+13122010094',
  date_created: 'Thu, 15 Jun 2023 09:56:45 +0000',
  date_updated: 'Thu, 15 Jun 2023 09:56:56 +0000',
  direction: 'inbound',
  duration: '11',
  end_time: 'Thu, 15 Jun 2023 09:56:56 +0000',
  from: '+13123456789',
  sid: SID,
  start_time: 'Thu, 15 Jun 2023 09:56:45 +0000',
  status: 'completed',
  to: '+13987654321',
};
const LIVE = { ...COMPLETED, direction: 'outbound', duration: '0', end_time: null, status: 'in-progress' };
const STARTED_AT = Date.UTC(2023, 5, 15, 9, 56, 45);
const ENDED_AT = Date.UTC(2023, 5, 15, 9, 56, 56);
const SOUGHT: SoughtCall = {
  providerCallId: SID,
  direction: 'outbound',
  ownNumber: '+13123456789',
  farEnd: '+13987654321',
  startedAt: STARTED_AT,
  others: [],
};
/** As `CallRetrieveStatusResponse` of the `telnyx` SDK. */
const STATUS = {
  record_type: 'call',
  call_control_id: SID,
  call_leg_id: 'abc123-leg1',
  call_session_id: 'session-abc123',
  is_alive: true,
  call_duration: 50,
  start_time: '2023-06-15T09:56:45.000Z',
};
const CALL = 'v3%3AKBnLO0ZK3DhKM5s7bE9VluaSmKsOchKht_fUYvxcp8ysbmzCCtpkmA';
const byAccount = (account: string) => `GET /texml/Accounts/${account}/Calls/${CALL}`;
const listOf = (account: string) => `GET /texml/Accounts/${account}/Calls`;
const REFUSED = refusal(403, '10010', 'Authorization failed');

/** The example of https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-multiple-call-resources */
function page(calls: unknown[], next: string | null = null): Answer {
  const uri = `/v2/texml/Accounts/${ORGANIZATION}/Calls.json?Page=0&PageSize=1`;
  return [200, { calls, end: 0, first_page_uri: uri, next_page_uri: next, page: 0, page_size: 1, start: 0, uri }];
}
const NEXT = `/v2/texml/Accounts/${ORGANIZATION}/Calls.json?Page=1&PageSize=1&PageToken=MTY4AjgyNDkwNzIxMQ`;

const read = (more: Partial<SoughtCall> = {}) => vendor.client().readCall({ ...SOUGHT, ...more });

beforeAll(() => vendor.start());
afterAll(() => vendor.stop());
beforeEach(() => vendor.prepare());
afterEach(() => expect(vendor.answers).toEqual([]));

describe('readCall by the sid', () => {
  it('reads a call that is over', async () => {
    vendor.prepare(SELF, [200, COMPLETED]);
    expect(await read()).toEqual({
      kind: 'found',
      providerCallId: SID,
      status: 'completed',
      answeredAt: null,
      endedAt: ENDED_AT,
      durationS: 11,
      endReason: null,
    });
    expect(vendor.trail).toEqual(['GET /whoami', byAccount(ORGANIZATION)]);
  });

  it('asks for the account once', async () => {
    const client = vendor.client();
    vendor.prepare(SELF, [200, LIVE], [200, LIVE]);
    await client.readCall(SOUGHT);
    await client.readCall(SOUGHT);
    expect(vendor.trail).toEqual(['GET /whoami', byAccount(ORGANIZATION), byAccount(ORGANIZATION)]);
  });

  it.each([
    ['ringing', 'ringing'],
    ['in-progress', 'in_progress'],
    ['canceled', 'canceled'],
    ['failed', 'failed'],
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
  ])('reads %s, of which there is no conversation', async (word, status) => {
    vendor.prepare(SELF, [200, { ...LIVE, status: word, duration: '5' }]);
    expect(await read()).toMatchObject({ kind: 'found', status, durationS: null });
  });

  it.each([
    ['resting', null, 'initiated'],
    ['constructor', null, 'initiated'],
    ['archived', COMPLETED.end_time, 'completed'],
  ])('takes the unknown word %s with the end %s for %s', async (word, end, status) => {
    vendor.prepare(SELF, [200, { ...LIVE, status: word, end_time: end }]);
    expect(await read()).toMatchObject({ kind: 'found', status });
  });

  it.each([
    ['does not know it', NOT_FOUND],
    ['is refused', REFUSED],
  ])('goes by the user where the organization %s', async (_how, answer) => {
    vendor.prepare(SELF, answer, [200, LIVE]);
    expect(await read()).toMatchObject({ kind: 'found', status: 'in_progress' });
    expect(vendor.trail.slice(1)).toEqual([byAccount(ORGANIZATION), byAccount(USER)]);
  });

  it.each([{ ...COMPLETED, sid: OTHER }, { sid: SID }, [COMPLETED]])(
    'takes no other answer for the call: %j',
    async (answer) => {
      vendor.prepare(SELF, [200, answer]);
      expect(await failure(read())).toMatchObject({ kind: 'transient' });
    },
  );

  it('is as good as not answered by a server that is broken', async () => {
    vendor.prepare(SELF, [503, {}]);
    expect(await failure(read())).toMatchObject({ kind: 'transient' });
  });

  describe('where no account knows it, as Call Control tells', () => {
    it.each([
      ['that it is alive', STATUS, 'initiated', null, null],
      [
        'that it has ended after an answer',
        { ...STATUS, is_alive: false, end_time: '2023-06-15T09:56:56Z' },
        'completed',
        ENDED_AT,
        50,
      ],
      [
        'that it has ended without one',
        { ...STATUS, is_alive: false, end_time: '2023-06-15T09:56:56Z', call_duration: 0 },
        'failed',
        ENDED_AT,
        null,
      ],
      // "For Dial command it will always be `false` (dialing is asynchronous)."
      ['no end', { ...STATUS, is_alive: false }, 'initiated', null, null],
      ['an end of one that is alive', { ...STATUS, end_time: '2023-06-15T09:56:56Z' }, 'initiated', null, null],
    ] as const)('%s', async (_what, data, status, endedAt, durationS) => {
      vendor.prepare(SELF, NOT_FOUND, NOT_FOUND, ok(data));
      const times = { answeredAt: null, endedAt, durationS, endReason: null };
      expect(await read()).toEqual({ kind: 'found', providerCallId: SID, status, ...times });
      expect(vendor.trail.at(-1)).toBe(`GET /calls/${CALL}`);
    });

    it.each([
      ['nothing', NOT_FOUND],
      ['that there is none', refusal(422, '90015', 'Invalid Call Control ID')],
      ['that it is gone', refusal(422, '90018', 'Call has already ended')],
    ])('%s', async (_what, answer) => {
      vendor.prepare(SELF, NOT_FOUND, NOT_FOUND, answer);
      expect(await read()).toEqual({ kind: 'absent' });
    });

    it('of another call', async () => {
      vendor.prepare(SELF, NOT_FOUND, NOT_FOUND, ok({ ...STATUS, call_control_id: OTHER }));
      expect(await failure(read())).toMatchObject({ kind: 'transient' });
    });

    it.each([
      ['is not told', [NOT_FOUND]],
      ['has no name', [ok({})]],
      ['is refused to the key', [REFUSED]],
    ])('also where the account %s', async (_how, answers) => {
      vendor.prepare(...answers, ok(STATUS));
      expect(await read()).toMatchObject({ kind: 'found', status: 'initiated' });
    });

    it('and says so where it may not', async () => {
      vendor.prepare(SELF, REFUSED, REFUSED, REFUSED);
      expect(await failure(read())).toMatchObject({ kind: 'credentials_rejected', vendorCode: '10010' });
    });
  });
});

describe('readCall by the numbers', () => {
  const find = (more: Partial<SoughtCall> = {}) => read({ providerCallId: null, ...more });
  const ask = { From: '+13123456789', To: '+13987654321', StartTime_gt: '2023-06-14', PageSize: '50' };

  it('asks each of the accounts, from the day before', async () => {
    vendor.prepare(SELF, page([]), page([]));
    expect(await find()).toEqual({ kind: 'absent' });
    expect(vendor.trail).toEqual(['GET /whoami', listOf(ORGANIZATION), listOf(USER)]);
    expect(Object.fromEntries(vendor.asked[1]?.query ?? [])).toEqual(ask);
  });

  it('finds it, whichever of the names the account goes by', async () => {
    vendor.prepare(SELF, page([LIVE]));
    expect(await find()).toMatchObject({ kind: 'found', providerCallId: SID, status: 'in_progress' });
    vendor.prepare(SELF, NOT_FOUND, page([LIVE]));
    expect(await find()).toMatchObject({ kind: 'found', providerCallId: SID });
    vendor.prepare(SELF, REFUSED, page([LIVE]));
    expect(await find()).toMatchObject({ kind: 'found', providerCallId: SID });
  });

  it('takes the earliest of all pages, which it asks for with the same filters', async () => {
    const later = { ...LIVE, sid: OTHER, date_created: 'Thu, 15 Jun 2023 09:57:45 +0000' };
    vendor.prepare(SELF, page([later], NEXT), page([LIVE]));
    expect(await find()).toMatchObject({ providerCallId: SID });
    expect(Object.fromEntries(vendor.asked[2]?.query ?? [])).toEqual({
      ...ask,
      Page: '1',
      PageToken: 'MTY4AjgyNDkwNzIxMQ',
    });
    vendor.prepare(SELF, page([later, LIVE]));
    expect(await find({ others: [SID] })).toMatchObject({ providerCallId: OTHER });
  });

  it('goes on behind no page without calls, as in the example', async () => {
    vendor.prepare(SELF, page([], NEXT), page([], NEXT));
    expect(await find()).toEqual({ kind: 'absent' });
    expect(vendor.asked).toHaveLength(3);
  });

  it('reads no list for ever', async () => {
    const known = { ...LIVE, sid: OTHER };
    vendor.prepare(SELF, ...Array.from({ length: 40 }, () => page([known], NEXT)));
    expect(await failure(find({ others: [OTHER] }))).toMatchObject({ kind: 'transient' });
    expect(vendor.asked).toHaveLength(41);
  });

  it.each([
    ['came in', { direction: 'inbound' }],
    ['is to another number', { to: '+139876543210' }],
    ['is from another number', { from: '+13123456780' }],
    ['was made before', { date_created: 'Thu, 15 Jun 2023 09:55:44 +0000' }],
    ['was made long after', { date_created: 'Thu, 15 Jun 2023 10:06:46 +0000' }],
    ['has no time', { date_created: null, start_time: null }],
  ])('leaves alone one that %s', async (_what, more) => {
    vendor.prepare(ok({ organization_id: ORGANIZATION }), page([{ ...LIVE, ...more }]));
    expect(await find()).toEqual({ kind: 'absent' });
  });

  it.each([
    ['no account is told', [NOT_FOUND]],
    ['there is no list', [SELF, NOT_FOUND, NOT_FOUND]],
  ])('has nothing to tell where %s', async (_why, answers) => {
    vendor.prepare(...answers);
    expect(await find()).toEqual({ kind: 'untold' });
  });

  it('is refused where every list is, and not where one is told', async () => {
    vendor.prepare(SELF, REFUSED, NOT_FOUND);
    expect(await failure(find())).toMatchObject({ kind: 'credentials_rejected' });
    vendor.prepare(SELF, page([]), REFUSED);
    expect(await find()).toEqual({ kind: 'absent' });
  });

  it.each([
    [[200, {}]],
    [page([{ status: 'ringing' }])],
    [page([{ ...LIVE, sid: OTHER }], '/v2/elsewhere')],
  ] as Answer[][])('does not take %j for a list', async (answer) => {
    vendor.prepare(SELF, answer);
    expect(await failure(find({ others: [OTHER] }))).toMatchObject({ kind: 'transient' });
  });

  it.each([{ direction: 'inbound' as const }, { farEnd: null }])('looks for none with %j', async (more) => {
    expect(await find(more)).toEqual({ kind: 'untold' });
    expect(vendor.asked).toEqual([]);
  });
});
