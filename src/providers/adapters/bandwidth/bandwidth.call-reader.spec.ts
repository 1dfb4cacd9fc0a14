import type { SoughtCall } from '../../contract/call';
import { clientOf, failureOf, FakeBandwidth, json, MemoryShared, type Reply } from './bandwidth.fixture';

const CALLS = 'GET /api/v2/accounts/9900000/calls';
const CALL_ID = 'c-15ac29a2-1331029c-2cb0-4a07-b215-b22865662d85';
const OTHER_ID = 'c-25ac29a2-1331029c-2cb0-4a07-b215-b22865662d85';
const CALL = `${CALLS}/${CALL_ID}`;
/** Of the examples in the schema `callState` of bandwidth.yml. */
const DISCONNECTED = {
  applicationId: '04e88489-df02-4e34-a0ee-27a91849555f',
  accountId: '9900000',
  callId: CALL_ID,
  parentCallId: null,
  to: '+19195551234',
  from: '+19195554321',
  direction: 'outbound',
  state: 'disconnected',
  enqueuedTime: '2022-06-16T13:15:07.160Z',
  startTime: '2022-06-16T13:15:07.160Z',
  answerTime: '2022-06-16T13:15:18.126Z',
  endTime: '2022-06-16T13:15:18.314Z',
  disconnectCause: 'hangup',
  errorMessage: null,
  errorId: null,
  lastUpdate: '2022-06-16T13:15:18.314Z',
};
const LIVE = { ...DISCONNECTED, state: 'answered', endTime: null, disconnectCause: null };
const DIALLED = { ...LIVE, state: 'initiated', answerTime: null };
/** "`null` if the call is still in your queue." */
const QUEUED = { ...DIALLED, state: 'queued', startTime: null };
const ANSWERED_AT = Date.UTC(2022, 5, 16, 13, 15, 18, 126);
const ENDED_AT = Date.UTC(2022, 5, 16, 13, 15, 18, 314);
const SOUGHT: SoughtCall = {
  providerCallId: CALL_ID,
  direction: 'outbound',
  ownNumber: '+19195554321',
  farEnd: '+19195551234',
  startedAt: Date.UTC(2022, 5, 16, 13, 15, 7),
  others: [],
};
const NOT_FOUND = json({ type: 'validation', description: `Call [${CALL_ID}] not found`, id: null }, 404);

describe('readCall of BandwidthClient', () => {
  const fake = new FakeBandwidth();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());

  const read = (more: Partial<SoughtCall> = {}) => clientOf(fake, new MemoryShared()).readCall({ ...SOUGHT, ...more });

  describe('by the id', () => {
    it('reads a call that is over; 188 ms are no second', async () => {
      fake.reset({ [CALL]: json(DISCONNECTED) });
      expect(await read()).toEqual({
        kind: 'found',
        providerCallId: CALL_ID,
        status: 'completed',
        answeredAt: ANSWERED_AT,
        endedAt: ENDED_AT,
        durationS: 0,
        endReason: 'hangup',
      });
    });

    it('counts whole seconds', async () => {
      fake.reset({ [CALL]: json({ ...DISCONNECTED, endTime: '2022-06-16T13:16:00.000Z' }) });
      // 41 s and 874 ms.
      expect(await read()).toMatchObject({ durationS: 42 });
    });

    it.each([
      ['queued', QUEUED, 'initiated', null],
      ['dialled', DIALLED, 'initiated', null],
      ['answered', LIVE, 'in_progress', ANSWERED_AT],
      ['answered in a word of the future', { ...LIVE, state: 'bridged' }, 'in_progress', ANSWERED_AT],
      ['dialled in a word of the future', { ...DIALLED, state: 'constructor' }, 'initiated', null],
    ] as const)('reads one that is %s', async (_what, state, status, answeredAt) => {
      fake.reset({ [CALL]: json(state) });
      expect(await read()).toMatchObject({ kind: 'found', status, answeredAt, endedAt: null, durationS: null });
    });

    it.each([
      ['hangup', 'outbound', 'completed'],
      ['busy', 'outbound', 'busy'],
      ['timeout', 'outbound', 'no_answer'],
      ['cancel', 'outbound', 'canceled'],
      ['rejected', 'outbound', 'busy'],
      ['rejected', 'inbound', 'failed'],
      ['callback-error', 'inbound', 'failed'],
      ['a-word-of-the-future', 'outbound', 'failed'],
      [null, 'outbound', 'failed'],
    ])('takes the cause %s of a call that is %s for %s', async (disconnectCause, direction, status) => {
      fake.reset({ [CALL]: json({ ...DISCONNECTED, answerTime: null, direction, disconnectCause }) });
      expect(await read()).toMatchObject({ status, endReason: disconnectCause, answeredAt: null, durationS: null });
    });

    it('takes one with an end for over, whatever its state is called', async () => {
      fake.reset({ [CALL]: json({ ...DISCONNECTED, state: 'archived' }) });
      expect(await read()).toMatchObject({ status: 'completed', endedAt: ENDED_AT });
    });

    it('knows a call that Bandwidth does not show, or not yet', async () => {
      fake.reset({ [CALL]: NOT_FOUND });
      expect(await read()).toEqual({ kind: 'absent' });
    });

    it.each([json({ ...LIVE, callId: OTHER_ID }), json({}), json([LIVE]), { status: 200, body: 'no JSON' }])(
      'takes no other answer for the call: %j',
      async (answer) => {
        fake.reset({ [CALL]: answer });
        expect(await failureOf(read())).toMatchObject({ kind: 'transient' });
      },
    );

    it.each([
      [json({ type: 'authorization-error', description: 'Access is denied', id: null }, 403), 'credentials_rejected'],
      [json({ type: 'validation', description: 'No', id: null }, 400), 'permanent'],
      [{ status: 503 }, 'transient'],
      [{ status: 429, headers: { 'Retry-After': '2' } }, 'rate_limited'],
    ] as const)('fails at %j', async (answer, kind) => {
      fake.reset({ [CALL]: answer });
      expect(await failureOf(read())).toMatchObject({ kind });
    });
  });

  describe('by the numbers', () => {
    const find = (more: Partial<SoughtCall> = {}) => read({ providerCallId: null, ...more });
    const linked = (calls: unknown[], link: string): Reply => {
      const { headers, ...reply } = json(calls);
      return { ...reply, headers: { ...headers, Link: link } };
    };
    const NEXT =
      'https://voice.bandwidth.com/api/v2/accounts/9900000/calls?from=%2B19195554321&pageToken=eyJwYWdlVG9rZW4iOiJ0b2tlbiJ9';

    it('asks for the calls between the two, without a start, as those in the queue have none', async () => {
      fake.reset({ [CALLS]: json([]) });
      expect(await find()).toEqual({ kind: 'absent' });
      expect(Object.fromEntries(fake.last(CALLS).query)).toEqual({
        from: '+19195554321',
        to: '+19195551234',
        pageSize: '1000',
      });
    });

    it.each([
      [QUEUED, 'initiated'],
      [LIVE, 'in_progress'],
      [DISCONNECTED, 'completed'],
    ])('finds %j', async (call, status) => {
      fake.reset({ [CALLS]: json([call]) });
      expect(await find()).toMatchObject({ kind: 'found', providerCallId: CALL_ID, status });
    });

    it('takes the first that fits, and asks for no page behind it', async () => {
      const later = { ...LIVE, callId: OTHER_ID, enqueuedTime: '2022-06-16T13:15:30.000Z' };
      fake.reset({ [CALLS]: linked([LIVE, later], `<${NEXT}>; rel="next"`) });
      expect(await find()).toMatchObject({ providerCallId: CALL_ID });
      expect(await find({ others: [CALL_ID] })).toMatchObject({ providerCallId: OTHER_ID });
      expect(fake.asked).toHaveLength(2);
    });

    it('follows the link to the next page, but to no other host', async () => {
      const early = { ...LIVE, callId: OTHER_ID, enqueuedTime: '2022-06-15T13:15:07.160Z' };
      const evil = NEXT.replace('voice.bandwidth.com/api/v2/accounts/9900000/calls', 'evil.example.com/steal');
      for (const link of [`<${NEXT}>; rel="next"`, `<https://x.example>; rel="first", <${evil}>; rel=next`]) {
        fake.reset({ [CALLS]: [linked([early], link), json([LIVE])] });
        expect(await find()).toMatchObject({ providerCallId: CALL_ID });
        expect(fake.lines).toEqual([CALLS, CALLS]);
        expect(fake.last(CALLS).query.get('pageToken')).toBe('eyJwYWdlVG9rZW4iOiJ0b2tlbiJ9');
      }
    });

    it('goes no further than the time in which it may have been taken on', async () => {
      const later = { ...LIVE, enqueuedTime: '2022-06-16T13:25:08.000Z' };
      fake.reset({ [CALLS]: linked([later], `<${NEXT}>; rel="next"`) });
      expect(await find()).toEqual({ kind: 'absent' });
      expect(fake.asked).toHaveLength(1);
    });

    it('reads no list for ever', async () => {
      fake.reset({ [CALLS]: linked([LIVE], `<${NEXT}>; rel="next"`) });
      expect(await failureOf(find({ others: [CALL_ID] }))).toMatchObject({ kind: 'transient' });
      expect(fake.asked).toHaveLength(20);
    });

    it.each([
      ['came in', { direction: 'inbound' }],
      ['was transferred to', { parentCallId: OTHER_ID }],
      ['is to another number', { to: '+191955512345' }],
      ['is from another number', { from: '+19195554320' }],
      ['was made before', { enqueuedTime: '2022-06-16T13:14:06.999Z' }],
      ['has no time', { enqueuedTime: null, startTime: null }],
    ])('leaves alone one that %s', async (_what, more) => {
      fake.reset({ [CALLS]: json([{ ...LIVE, ...more }]) });
      expect(await find()).toEqual({ kind: 'absent' });
    });

    it.each([json({}), json([{}]), { status: 200, body: 'no JSON' }, linked([], '<nowhere>; rel="next"')])(
      'does not take %j for a list',
      async (answer) => {
        fake.reset({ [CALLS]: answer });
        expect(await failureOf(find())).toMatchObject({ kind: 'transient' });
      },
    );

    it('tells a refusal', async () => {
      fake.reset({ [CALLS]: json({ type: 'authorization-error', description: '', id: null }, 403) });
      expect(await failureOf(find())).toMatchObject({
        kind: 'credentials_rejected',
        vendorCode: 'authorization-error',
      });
    });

    it.each([{ direction: 'inbound' as const }, { farEnd: null }])('looks for none with %j', async (more) => {
      fake.reset();
      expect(await find(more)).toEqual({ kind: 'untold' });
      expect(fake.asked).toEqual([]);
    });
  });
});
