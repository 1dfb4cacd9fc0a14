import type { SoughtCall } from '../../contract/call';
import { HttpClient } from '../../support/http-client';
import { VonageCallReader } from './vonage.call-reader';
import { type Reply, VonageServer } from './vonage.fixture';

const ID = '63f61863-4a51-4f6b-86e1-46edebcf9356';
const OWN = '+447700900001';
const FAR = '+447700900000';
const BEGUN = Date.UTC(2020, 0, 1, 12);
const HEADERS = { Authorization: 'Bearer token' };

/** After https://developer.vonage.com/en/api/voice#getCall: figures are there once the call is completed. */
const ANSWERED = {
  _links: { self: { href: `/calls/${ID}` } },
  uuid: ID,
  conversation_uuid: 'CON-f972836a-550f-45fa-956c-12a2ab5b7d22',
  to: { type: 'phone', number: '447700900000' },
  from: { type: 'phone', number: '447700900001' },
  status: 'answered',
  direction: 'outbound',
};
const COMPLETED = {
  ...ANSWERED,
  status: 'completed',
  rate: '0.39',
  price: '23.40',
  duration: '60',
  start_time: '2020-01-01 12:00:10',
  end_time: '2020-01-01 12:01:10',
  network: '65512',
};
const SOUGHT: SoughtCall = {
  providerCallId: ID,
  direction: 'outbound',
  ownNumber: OWN,
  farEnd: FAR,
  startedAt: BEGUN,
  others: [],
};
const LOST = { ...SOUGHT, providerCallId: null };
const UNDER_WAY = {
  kind: 'found',
  providerCallId: ID,
  status: 'in_progress',
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
};
const REPORT = {
  ...UNDER_WAY,
  status: 'completed',
  answeredAt: Date.UTC(2020, 0, 1, 12, 0, 10),
  endedAt: Date.UTC(2020, 0, 1, 12, 1, 10),
  durationS: 60,
};

const page = (calls: object[], count = calls.length, index = 0): Reply => [
  200,
  { count, page_size: 100, record_index: index, _links: { self: { href: '/calls' } }, _embedded: { calls } },
];

describe('VonageCallReader', () => {
  const server = new VonageServer();
  let http: HttpClient;

  beforeAll(async () => {
    await server.start();
    http = new HttpClient({ vendor: 'vonage', baseUrl: server.url });
  });
  afterAll(async () => {
    await http.close();
    server.stop();
  });
  beforeEach(() => server.reset());
  afterEach(() => expect(server.answers).toEqual([]));

  const read = (call: SoughtCall) => new VonageCallReader(http).read(call, HEADERS, undefined);
  const queries = () => server.asked.map(({ path }) => Object.fromEntries(new URL(path, 'http://vonage').searchParams));

  describe('by its name', () => {
    it('reads a call that is over, whose times are UTC', async () => {
      server.answers = [[200, COMPLETED]];
      expect(await read(SOUGHT)).toEqual(REPORT);
      expect(server.asked).toMatchObject([
        { method: 'GET', path: `/v1/calls/${ID}`, authorization: 'Bearer token', body: '' },
      ]);
    });

    it.each([
      ['started', 'initiated'],
      ['ringing', 'ringing'],
      ['answered', 'in_progress'],
      ['machine', 'in_progress'],
      ['transferring', 'initiated'],
    ])('reads %s', async (word, status) => {
      server.answers = [[200, { ...ANSWERED, status: word }]];
      expect(await read(SOUGHT)).toEqual({ ...UNDER_WAY, status });
    });

    it.each([
      ['busy', 'busy'],
      ['cancelled', 'canceled'],
      ['failed', 'failed'],
      ['rejected', 'failed'],
      ['timeout', 'no_answer'],
      ['unanswered', 'no_answer'],
    ])('reads %s and names it as the reason', async (word, status) => {
      server.answers = [[200, { ...ANSWERED, status: word }]];
      expect(await read(SOUGHT)).toEqual({ ...UNDER_WAY, status, endReason: word });
    });

    it('was not answered where it has not lasted', async () => {
      server.answers = [[200, { ...COMPLETED, duration: '0' }]];
      expect(await read(SOUGHT)).toEqual({ ...REPORT, answeredAt: null, durationS: 0 });
    });

    it('knows none that is not there, and takes no other for it', async () => {
      server.answers = [[404, { type: 'NOT_FOUND', error_title: 'Not Found' }]];
      expect(await read(SOUGHT)).toEqual({ kind: 'absent' });
      server.answers = [[200, { ...COMPLETED, uuid: 'another' }]];
      await expect(read(SOUGHT)).rejects.toMatchObject({ kind: 'transient' });
      server.answers = [[401, { type: 'UNAUTHORIZED', error_title: 'Unauthorized' }]];
      await expect(read(SOUGHT)).rejects.toMatchObject({ kind: 'credentials_rejected' });
    });
  });

  describe('of which the placing was not confirmed', () => {
    it('asks for the calls of that time, the first first, and whether it opened its conversation', async () => {
      server.answers = [page([COMPLETED]), page([COMPLETED])];
      expect(await read(LOST)).toEqual(REPORT);
      expect(queries()).toEqual([
        {
          date_start: '2020-01-01T11:59:00.000Z',
          date_end: '2020-01-01T12:10:00.000Z',
          order: 'asc',
          page_size: '100',
          record_index: '0',
        },
        { conversation_uuid: COMPLETED.conversation_uuid, order: 'asc', page_size: '100', record_index: '0' },
      ]);
    });

    it('finds one under way, which has no time, on a later page', async () => {
      const others = Array.from({ length: 100 }, (_, index) => ({ ...ANSWERED, uuid: `other-${index}`, to: {} }));
      server.answers = [
        page(others, 102),
        page([ANSWERED, { ...ANSWERED, uuid: 'later' }], 102, 100),
        page([ANSWERED]),
      ];
      expect(await read(LOST)).toEqual(UNDER_WAY);
      expect(queries()[1]).toMatchObject({ record_index: '100' });
    });

    it('takes no leg that an answer has opened for it', async () => {
      const inbound = { ...ANSWERED, uuid: 'inbound', direction: 'inbound' };
      server.answers = [page([inbound, ANSWERED]), page([inbound, ANSWERED])];
      expect(await read(LOST)).toEqual({ kind: 'absent' });
    });

    it.each([
      ['from another number', { from: { type: 'phone', number: '447700900002' } }],
      ['to a longer number', { to: { type: 'phone', number: '4477009000001' } }],
      ['to a stream', { to: { type: 'websocket', uri: 'wss://agent.example.com' } }],
      ['that came in', { direction: 'inbound' }],
      ['that began before', { start_time: '2020-01-01 11:58:59' }],
      ['that began long after', { start_time: '2020-01-01 12:10:01' }],
    ])('takes none %s for it', async (_what, more) => {
      server.answers = [page([{ ...COMPLETED, ...more }])];
      expect(await read(LOST)).toEqual({ kind: 'absent' });
    });

    it('takes none of the others', async () => {
      server.answers = [page([COMPLETED, { ...COMPLETED, uuid: 'new' }]), page([{ ...COMPLETED, uuid: 'new' }])];
      expect(await read({ ...LOST, others: [ID] })).toEqual({ ...REPORT, providerCallId: 'new' });
    });

    it('finds none where there is no list at all', async () => {
      server.answers = [[200, {}]];
      expect(await read(LOST)).toEqual({ kind: 'absent' });
      expect(await read({ ...LOST, farEnd: null })).toEqual({ kind: 'untold' });
    });

    it('does not believe in calls that are counted but not shown', async () => {
      server.answers = [page([], 3)];
      await expect(read(LOST)).rejects.toMatchObject({ kind: 'transient' });
    });
  });
});
