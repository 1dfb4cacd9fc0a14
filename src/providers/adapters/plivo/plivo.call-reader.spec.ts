import type { SoughtCall } from '../../contract/call';
import { HttpClient } from '../../support/http-client';
import { type Asked, RecordingServer, type Reply } from '../../support/recording-server.fixture';
import { PlivoApi } from './plivo.api';
import { PlivoCallReader } from './plivo.call-reader';
import { ACCOUNT_PATH, credentials } from './plivo.fixture';

const ID = '34a17f97-b594-4018-9615-75b11f427b32';
const FROM = '+11111111111';
const TO = '+12025550147';

/** The sample output of `CallGet` in https://github.com/plivo/plivo-examples-java, with numbers that are some. */
const ANSWERED = {
  answer_time: '2020-12-05 18:02:32+05:30',
  api_id: 'f75ef01f-3700-11eb-b66d-0242ac110006',
  bill_duration: 4,
  billed_duration: 15,
  call_direction: 'outbound',
  call_duration: 4,
  call_state: 'ANSWER',
  call_uuid: ID,
  conference_uuid: null,
  end_time: '2020-12-05 18:02:36+05:30',
  from_number: FROM,
  hangup_cause_code: 4000,
  hangup_cause_name: 'Normal Hangup',
  hangup_source: 'Answer XML',
  initiation_time: '2020-12-05 18:02:26+05:30',
  parent_call_uuid: null,
  resource_uri: `/v1/Account/MAXXXXXXXXXXXXX/Call/${ID}/`,
  to_number: TO.slice(1),
  total_amount: '0.00680',
  total_rate: '0.02720',
};
/** As in `fixtures/callGetResponse.json` of https://github.com/plivo/plivo-go. */
const UNANSWERED = { ...ANSWERED, answer_time: null, bill_duration: 0, call_duration: 0, call_state: 'NO_ANSWER' };
/** As in `fixtures/liveCallGetResponse.json` of the same. */
const LIVE = {
  api_id: '18f3bbb0-3ef1-11e7-a68e-02d2f90c026e',
  call_status: 'in-progress',
  call_uuid: ID,
  caller_name: '',
  direction: 'outbound',
  from: FROM,
  request_uuid: ID,
  session_start: '2020-12-05 12:32:26.050872',
  to: TO.slice(1),
  stir_verification: 'Verified',
};
/** 18:02:26 in India. */
const BEGUN = Date.UTC(2020, 11, 5, 12, 32, 26);
const SOUGHT: SoughtCall = {
  providerCallId: ID,
  direction: 'outbound',
  ownNumber: FROM,
  farEnd: TO,
  startedAt: BEGUN,
  others: [],
};
const LOST = { ...SOUGHT, providerCallId: null };

const NONE: Reply = [404, { api_id: 'x', error: 'not found' }];
const list = (...calls: string[]): Reply => [200, { api_id: 'x', calls }];
const records = (...objects: object[]): Reply => [
  200,
  { api_id: 'x', meta: { limit: 20, next: null, offset: 0, previous: null, total_count: objects.length }, objects },
];
const REPORT = {
  kind: 'found',
  providerCallId: ID,
  status: 'completed',
  answeredAt: Date.UTC(2020, 11, 5, 12, 32, 32),
  endedAt: Date.UTC(2020, 11, 5, 12, 32, 36),
  durationS: 4,
  endReason: 'Normal Hangup',
};
const UNDER_WAY = {
  kind: 'found',
  providerCallId: ID,
  status: 'in_progress',
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
};

describe('PlivoCallReader', () => {
  const server = new RecordingServer();
  let http: HttpClient;

  beforeAll(async () => {
    await server.start();
    http = new HttpClient({ vendor: 'plivo', baseUrl: server.origin });
  });
  afterAll(async () => {
    await http.close();
    await server.stop();
  });
  beforeEach(() => server.reset());
  afterEach(() => expect(server.replies).toEqual([]));

  const read = (call: SoughtCall, nowMs = BEGUN) =>
    new PlivoCallReader(new PlivoApi(credentials(), http), { now: () => nowMs }).read(call, undefined);
  const line = ({ path, query }: Asked) =>
    `${path.replace(ACCOUNT_PATH, '')}${query.map(([name, value]) => ` ${name}=${value}`).join('')}`;
  const lines = () => server.asked.map(line);

  describe('by name', () => {
    it('asks for it in the queue, among the live ones, and for its record, in this order', async () => {
      server.replies.push(NONE, NONE, [200, ANSWERED]);
      expect(await read(SOUGHT)).toEqual(REPORT);
      expect(lines()).toEqual([`/Call/${ID}/ status=queued`, `/Call/${ID}/ status=live`, `/Call/${ID}/`]);
    });

    it('reads a live one, and one of the queue', async () => {
      server.replies.push(NONE, [200, LIVE]);
      expect(await read(SOUGHT)).toEqual(UNDER_WAY);
      server.replies.push(NONE, [200, { ...LIVE, call_status: 'ringing' }]);
      expect(await read(SOUGHT)).toEqual({ ...UNDER_WAY, status: 'ringing' });
      server.replies.push([200, { ...LIVE, call_status: 'queued', session_start: undefined }]);
      expect(await read(SOUGHT)).toEqual({ ...UNDER_WAY, status: 'initiated' });
    });

    it.each([
      ['Busy Line', 'busy'],
      ['No Answer', 'no_answer'],
      ['Ring Timeout Reached', 'no_answer'],
      ['Canceled', 'canceled'],
      ['Cancelled (Out Of Credits)', 'canceled'],
      ['Rejected', 'failed'],
      ['Normal Hangup', 'failed'],
    ])('reads the end of one that nobody answered: %s', async (cause, status) => {
      server.replies.push(NONE, NONE, [200, { ...UNANSWERED, hangup_cause_name: cause }]);
      expect(await read(SOUGHT)).toEqual({
        ...REPORT,
        status,
        answeredAt: null,
        durationS: 0,
        endReason: cause,
      });
    });

    it('reads that who called has given up', async () => {
      server.replies.push(NONE, NONE, [200, { ...UNANSWERED, call_direction: 'inbound' }]);
      expect(await read({ ...SOUGHT, direction: 'inbound' })).toMatchObject({ status: 'canceled' });
    });

    it('believes no time without an offset, and counts whole minutes for nothing', async () => {
      const { answer_time: answered, end_time: ended } = ANSWERED;
      const local = { answer_time: answered.slice(0, 19), end_time: ended.slice(0, 19) };
      const bare = { ...ANSWERED, ...local, call_duration: undefined, hangup_cause_name: undefined };
      server.replies.push(NONE, NONE, [200, bare]);
      expect(await read(SOUGHT)).toEqual({ ...REPORT, answeredAt: null, endedAt: null, endReason: '4000' });
    });

    it('finds the live call that a request has become', async () => {
      const sought = { ...SOUGHT, providerCallId: 'the-request' };
      server.replies.push(NONE, NONE, NONE, list(), list(ID), [200, { ...LIVE, request_uuid: 'the-request' }]);
      expect(await read(sought)).toEqual(UNDER_WAY);
      expect(lines().slice(3)).toEqual(['/Call/ status=queued', '/Call/ status=live', `/Call/${ID}/ status=live`]);
    });

    it('knows no other one', async () => {
      server.replies.push(NONE, NONE, NONE, list(), list(ID), [200, LIVE], NONE);
      expect(await read({ ...SOUGHT, providerCallId: 'unknown' })).toEqual({ kind: 'absent' });
      server.replies.push(NONE, NONE, NONE);
      expect(await read({ ...SOUGHT, direction: 'inbound' })).toEqual({ kind: 'absent' });
    });

    it('takes no other answer for the call', async () => {
      server.replies.push([200, { ...LIVE, call_uuid: 'a', request_uuid: 'b' }]);
      await expect(read(SOUGHT)).rejects.toMatchObject({ kind: 'transient' });
      server.replies.push(NONE, NONE, records(ANSWERED));
      await expect(read(SOUGHT)).rejects.toMatchObject({ kind: 'transient' });
      server.replies.push([401, 'Could not verify']);
      await expect(read(SOUGHT)).rejects.toMatchObject({ kind: 'credentials_rejected' });
    });
  });

  describe('of which the placing was not confirmed', () => {
    const find = (call: Partial<SoughtCall> = {}, nowMs = BEGUN) => read({ ...LOST, ...call }, nowMs);

    it('asks for the records of calls to the callee, by their end in UTC', async () => {
      server.replies.push(list(), list(), records(ANSWERED));
      expect(await find()).toEqual(REPORT);
      expect(lines()).toEqual([
        '/Call/ status=queued',
        '/Call/ status=live',
        `/Call/ limit=20 offset=0 to_number=12025550147 call_direction=outbound end_time__gte=2020-12-05 12:31:26` +
          ' end_time__lte=2020-12-06 12:42:26',
      ]);
    });

    it('takes the first of those that match', async () => {
      const later = { ...ANSWERED, call_uuid: 'later', initiation_time: '2020-12-05 18:03:26+05:30' };
      server.replies.push(list(), list(), records(later, ANSWERED));
      expect(await find()).toMatchObject({ providerCallId: ID });
      server.replies.push(list(), list('live'), [200, { ...LIVE, call_uuid: 'live' }], records(later));
      expect(await find()).toMatchObject({ providerCallId: 'live', status: 'in_progress' });
    });

    it.each([
      ['of another number', { from_number: '+11111111112' }],
      ['to a longer number', { to_number: '120255501471' }],
      ['that was dialled by an answer', { parent_call_uuid: 'another' }],
      ['that came in', { call_direction: 'inbound' }],
      ['that began before', { initiation_time: '2020-12-05 18:01:25+05:30' }],
      ['that began long after', { initiation_time: '2020-12-05 18:12:27+05:30' }],
      ['of which nobody can tell when it began', { initiation_time: '2020-12-05 18:02:26' }],
    ])('takes no record %s for it', async (_what, more) => {
      server.replies.push(list(), list(), records({ ...ANSWERED, ...more }));
      expect(await find()).toEqual({ kind: 'absent' });
    });

    it.each([
      ['of another number', { from: '+11111111112' }],
      ['to another one', { to: '12025550148' }],
      ['that came in', { direction: 'inbound' }],
      ['that no request has placed', { request_uuid: undefined }],
      ['that began before', { session_start: '2020-12-05 12:31:25.000000' }],
    ])('takes no live call %s for it', async (_what, more) => {
      server.replies.push(list(), list(ID), [200, { ...LIVE, ...more }], records());
      expect(await find()).toEqual({ kind: 'absent' });
    });

    it('takes none of the others, whichever of its names is known', async () => {
      server.replies.push(list(), list(ID), [200, LIVE], records());
      expect(await find({ others: [ID] })).toEqual({ kind: 'absent' });
      server.replies.push(list(), list(ID), [200, { ...LIVE, request_uuid: 'known' }], records());
      expect(await find({ others: ['known'] })).toEqual({ kind: 'absent' });
      server.replies.push(list(), list(), records(ANSWERED), NONE, [200, ANSWERED]);
      expect(await find({ others: ['another', 'known'] })).toEqual({ kind: 'absent' });
      expect(lines().slice(-2).sort()).toEqual(['/Call/another/', '/Call/known/']);
    });

    it('takes a call of the queue for it as long as it may wait there', async () => {
      const queued: Reply[] = [list(ID), [200, { ...LIVE, call_status: 'queued', session_start: undefined }], list()];
      server.replies.push(...queued, records());
      expect(await find({}, BEGUN + 600_000)).toMatchObject({ status: 'initiated', providerCallId: ID });
      server.replies.push(...queued, records());
      expect(await find({}, BEGUN + 600_001)).toEqual({ kind: 'absent' });
    });

    it('cannot be looked for without a far end', async () => {
      expect(await find({ farEnd: null })).toEqual({ kind: 'untold' });
    });
  });
});
