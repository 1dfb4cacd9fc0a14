import type { SoughtCall } from '../../contract/call';
import { ACCOUNT, type Answer, failure, refusal, ScriptedTwilio } from './twilio.fixture';

const CALLS = `/2010-04-01/Accounts/${ACCOUNT}/Calls`;
const SID = `CA${'a'.repeat(32)}`;
const OTHER = `CA${'b'.repeat(32)}`;
/** The example of https://www.twilio.com/docs/voice/api/call-resource#fetch-a-call-resource */
const COMPLETED = {
  account_sid: ACCOUNT,
  answered_by: null,
  date_created: 'Tue, 31 Aug 2010 20:36:28 +0000',
  date_updated: 'Tue, 31 Aug 2010 20:36:44 +0000',
  direction: 'inbound',
  duration: '15',
  end_time: 'Tue, 31 Aug 2010 20:36:44 +0000',
  from: '+14158675308',
  parent_call_sid: null,
  sid: SID,
  start_time: 'Tue, 31 Aug 2010 20:36:29 +0000',
  status: 'completed',
  to: '+14158675309',
};
const LIVE = { ...COMPLETED, direction: 'outbound-api', duration: null, end_time: null, status: 'in-progress' };
/** "Empty if the call has not yet been dialed." */
const QUEUED = { ...LIVE, start_time: null, status: 'queued' };
const STARTED_AT = Date.UTC(2010, 7, 31, 20, 36, 28);
const SOUGHT: SoughtCall = {
  providerCallId: SID,
  direction: 'outbound',
  ownNumber: '+14158675308',
  farEnd: '+14158675309',
  startedAt: STARTED_AT,
  others: [],
};

/** As https://www.twilio.com/docs/usage/twilios-response#pagination */
function page(calls: unknown[], next: string | null = null): Answer {
  return [200, { calls, page: 0, page_size: 1000, next_page_uri: next }];
}

describe('readCall of TwilioClient', () => {
  const twilio = new ScriptedTwilio();
  const read = (more: Partial<SoughtCall> = {}) => twilio.client().readCall({ ...SOUGHT, ...more });

  beforeAll(() => twilio.start());
  afterAll(() => twilio.stop());
  beforeEach(() => {
    twilio.asked = [];
    twilio.answers = [];
  });
  afterEach(() => expect(twilio.answers).toEqual([]));

  describe('by the sid', () => {
    it('reads a call that is over', async () => {
      twilio.answers = [[200, COMPLETED]];
      expect(await read()).toEqual({
        kind: 'found',
        providerCallId: SID,
        status: 'completed',
        answeredAt: null,
        endedAt: Date.UTC(2010, 7, 31, 20, 36, 44),
        durationS: 15,
        endReason: null,
      });
      expect(twilio.asked).toMatchObject([{ method: 'GET', path: `${CALLS}/${SID}.json` }]);
    });

    // https://www.twilio.com/docs/voice/api/call-resource#call-status-values
    it.each([
      ['queued', 'initiated'],
      ['ringing', 'ringing'],
      ['in-progress', 'in_progress'],
      ['busy', 'busy'],
      ['no-answer', 'no_answer'],
      ['failed', 'failed'],
      ['canceled', 'canceled'],
    ])('reads %s, of which there is no conversation', async (word, status) => {
      twilio.answers = [[200, { ...LIVE, status: word, duration: '0' }]];
      expect(await read()).toMatchObject({ kind: 'found', status, durationS: null, endedAt: null });
    });

    it.each([
      ['hovering', null, 'initiated'],
      ['constructor', null, 'initiated'],
      ['archived', COMPLETED.end_time, 'completed'],
    ])('takes the unknown word %s with the end %s for %s', async (word, end, status) => {
      twilio.answers = [[200, { ...LIVE, status: word, end_time: end }]];
      expect(await read()).toMatchObject({ kind: 'found', status });
    });

    it('knows a call that Twilio does not have', async () => {
      twilio.answers = [refusal(404, 20404, `The requested resource ${CALLS}/${SID}.json was not found`)];
      expect(await read()).toEqual({ kind: 'absent' });
    });

    it.each([
      { ...COMPLETED, sid: OTHER },
      { ...COMPLETED, status: null },
      { sid: SID },
      [COMPLETED],
      'no JSON object',
    ])('takes no other answer for the call: %j', async (answer) => {
      twilio.answers = [[200, answer]];
      expect(await failure(read())).toMatchObject({ kind: 'transient' });
    });

    it('tells wrong credentials', async () => {
      twilio.answers = [refusal(401, 20003, 'Authenticate')];
      expect(await failure(read())).toMatchObject({ kind: 'credentials_rejected', vendorCode: '20003' });
    });
  });

  describe('by the numbers', () => {
    const find = (more: Partial<SoughtCall> = {}) => read({ providerCallId: null, ...more });

    it('asks for what is queued, then for what has started since the day', async () => {
      twilio.answers = [page([]), page([])];
      expect(await find()).toEqual({ kind: 'absent' });
      const parties = { From: '+14158675308', To: '+14158675309' };
      expect(twilio.asked.map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual([
        [`${CALLS}.json`, { ...parties, Status: 'queued', PageSize: '1000' }],
        [`${CALLS}.json`, { ...parties, 'StartTime>': '2010-08-31', PageSize: '1000' }],
      ]);
    });

    it('begins with the day before where the clock may be there still', async () => {
      twilio.answers = [page([]), page([])];
      await find({ startedAt: Date.UTC(2010, 7, 31, 0, 0, 30) });
      expect(twilio.asked[1]?.query.get('StartTime>')).toBe('2010-08-30');
    });

    it('finds one that has started, and one that is still queued', async () => {
      twilio.answers = [page([]), page([LIVE])];
      expect(await find()).toMatchObject({ kind: 'found', providerCallId: SID, status: 'in_progress' });
      twilio.answers = [page([QUEUED]), page([])];
      expect(await find()).toMatchObject({ kind: 'found', providerCallId: SID, status: 'initiated' });
    });

    it('takes the earliest of all pages, and none that is known', async () => {
      const second = `${CALLS}.json?To=%2B14158675309&PageSize=1000&Page=1&PageToken=PA${OTHER}`;
      const later = { ...LIVE, sid: OTHER, date_created: 'Tue, 31 Aug 2010 20:36:40 +0000' };
      twilio.answers = [page([]), page([later], second), page([LIVE])];
      expect(await find()).toMatchObject({ providerCallId: SID });
      expect(twilio.asked[2]).toMatchObject({ path: `${CALLS}.json` });
      expect(twilio.asked[2]?.query.get('PageToken')).toBe(`PA${OTHER}`);
      twilio.answers = [page([]), page([later, LIVE])];
      expect(await find({ others: [SID] })).toMatchObject({ providerCallId: OTHER });
    });

    it.each([
      ['came in', { direction: 'inbound' }],
      ['was dialled by an answer', { direction: 'outbound-dial' }],
      ['is to another number', { to: '+141586753091' }],
      ['is from another number', { from: '+14158675300' }],
      ['was made before', { date_created: 'Tue, 31 Aug 2010 20:35:27 +0000' }],
      ['was made long after', { date_created: 'Tue, 31 Aug 2010 20:46:29 +0000' }],
      ['has no time', { date_created: null, start_time: null }],
    ])('leaves alone one that %s', async (_what, more) => {
      twilio.answers = [page([]), page([{ ...LIVE, ...more }])];
      expect(await find()).toEqual({ kind: 'absent' });
    });

    it.each([[[200, {}]], [[200, { calls: {} }]], [page([{ status: 'queued' }])]] as Answer[][])(
      'does not take %j for a list',
      async (answer) => {
        twilio.answers = [answer];
        expect(await failure(find())).toMatchObject({ kind: 'transient' });
      },
    );

    it('follows no list elsewhere, and none for ever', async () => {
      twilio.answers = [page([], 'https://evil.example.com/')];
      expect(await failure(find())).toMatchObject({ kind: 'transient' });
      twilio.asked = [];
      twilio.answers = Array.from({ length: 20 }, (_, index) => page([], `${CALLS}.json?Page=${index}`));
      expect(await failure(find())).toMatchObject({ kind: 'transient' });
      expect(twilio.asked).toHaveLength(20);
    });

    it('takes an account that is not found for wrong credentials', async () => {
      twilio.answers = [refusal(404, 20404, 'The requested resource was not found')];
      expect(await failure(find())).toMatchObject({ kind: 'credentials_rejected' });
    });

    it.each([{ direction: 'inbound' as const }, { farEnd: null }])('looks for none with %j', async (more) => {
      expect(await find(more)).toEqual({ kind: 'untold' });
      expect(twilio.asked).toEqual([]);
    });
  });
});
