import type { SoughtCall } from '../../contract/call';
import { HttpClient } from '../../support/http-client';
import { RecordingServer, type Reply } from '../../support/recording-server.fixture';
import { ExotelClient } from './exotel.client';
import { ExotelCredentials } from './exotel.credentials';

const CALLS = '/v1/Accounts/acme1/Calls';
const SID = 'b6cfaf5f5cef3ca0fc937749ef96d245';
const OWN = '+918047281001';
const FAR = '+919876530240';

/** The example of https://developer.exotel.com/docs/voice-v1/api-reference/call-details, with numbers that are some. */
const CALL = {
  Sid: SID,
  ParentCallSid: null,
  DateCreated: '2017-03-03 10:48:33',
  DateUpdated: '2017-03-03 10:53:33',
  AccountSid: 'acme1',
  To: '08047281001',
  From: '09876530240',
  PhoneNumberSid: '08047281001',
  Status: 'completed',
  StartTime: '2017-03-03 10:48:33',
  EndTime: '2017-03-03 10:49:50',
  Duration: '17',
  Price: '1.500',
  Direction: 'outbound-api',
  AnsweredBy: null,
  RecordingUrl: 'https://s3-ap-southeast-1.amazonaws.com/recording.mp3',
  Details: {
    ConversationDuration: 8,
    Leg1Status: 'completed',
    Leg2Status: 'completed',
    Legs: [{ Leg: { Id: 1, OnCallDuration: 21 } }, { Leg: { Id: 2, OnCallDuration: 8 } }],
  },
};
const { Details: DETAILS, ...LISTED } = CALL;
/** 10:48:33 in India. */
const CREATED = Date.UTC(2017, 2, 3, 5, 18, 33);
const HOUR_MS = 3_600_000;
const SOUGHT: SoughtCall = {
  providerCallId: SID,
  direction: 'outbound',
  ownNumber: OWN,
  farEnd: FAR,
  startedAt: CREATED,
  others: [],
};
const LOST = { ...SOUGHT, providerCallId: null };
const REPORT = {
  kind: 'found',
  providerCallId: SID,
  status: 'completed',
  answeredAt: null,
  endedAt: Date.UTC(2017, 2, 3, 5, 19, 50),
  durationS: 8,
  endReason: null,
};

const one = (more: object = {}): Reply => [200, { Call: { ...CALL, ...more } }];
const page = (items: object[], next: string | null = null): Reply => [
  200,
  { Metadata: { Total: 1027, PageSize: 20, PrevPageUri: null, NextPageUri: next }, Calls: items },
];

describe('ExotelCallReader', () => {
  const server = new RecordingServer();
  let http: HttpClient;

  beforeAll(async () => {
    await server.start();
    http = new HttpClient({ vendor: 'exotel', baseUrl: server.origin });
  });
  afterAll(async () => {
    await http.close();
    await server.stop();
  });
  beforeEach(() => server.reset());
  afterEach(() => expect(server.replies).toEqual([]));

  function read(call: SoughtCall, nowMs = CREATED) {
    const given = { account_sid: 'acme1', api_key: 'key-1', api_token: 'token-1', region: 'singapore' };
    return new ExotelClient(Object.assign(new ExotelCredentials(), given), http, { now: () => nowMs }).readCall(call);
  }

  describe('by sid', () => {
    it('asks for the call with its legs', async () => {
      server.replies.push(one());
      expect(await read(SOUGHT)).toEqual(REPORT);
      expect(server.asked).toMatchObject([
        { method: 'GET', path: `${CALLS}/${SID}.json`, query: [['details', 'true']], headers: {} },
      ]);
      expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('key-1:token-1').toString('base64')}`);
    });

    it.each([
      ['queued', 'initiated'],
      ['ringing', 'ringing'],
      ['in-progress', 'in_progress'],
      ['waiting', 'initiated'],
    ])('reads %s, as which it has no end', async (word, status) => {
      server.replies.push(one({ Status: word, EndTime: null, Duration: null, Details: { Legs: [] } }));
      expect(await read(SOUGHT)).toEqual({ ...REPORT, status, endedAt: null, durationS: null });
    });

    it.each([
      ['busy', 'busy'],
      ['no-answer', 'no_answer'],
      ['failed', 'failed'],
      ['canceled', 'canceled'],
    ])('reads %s, with which there was no conversation', async (word, status) => {
      server.replies.push(one({ Status: word }));
      expect(await read(SOUGHT)).toEqual({ ...REPORT, status, durationS: null, endReason: word });
    });

    it.each([
      ['the leg, where no second party was in it', { ConversationDuration: 0, Legs: DETAILS.Legs }, 21],
      ['the whole, where legs are missing', { ConversationDuration: 0, Legs: [] }, 17],
      ['the whole, where all is missing', undefined, 17],
    ])('counts %s', async (_what, details, durationS) => {
      server.replies.push(one({ Details: details }));
      expect(await read(SOUGHT)).toMatchObject({ durationS });
    });

    it('believes times as long as they are those of India', async () => {
      server.replies.push(one());
      // As an account with Singapore's time, two and a half hours ahead, would show it.
      expect(await read({ ...SOUGHT, startedAt: CREATED - 2.5 * HOUR_MS })).toEqual({ ...REPORT, endedAt: null });
      server.replies.push(one({ EndTime: '1970-01-01 05:30:00' }));
      expect(await read(SOUGHT)).toEqual({ ...REPORT, endedAt: null });
    });

    it('knows none that is not there, and takes no other for it', async () => {
      server.replies.push([404, { RestException: { Status: 404, Message: 'Not Found' } }]);
      expect(await read(SOUGHT)).toEqual({ kind: 'absent' });
      server.replies.push(one({ Sid: 'another' }));
      await expect(read(SOUGHT)).rejects.toMatchObject({ kind: 'transient' });
      server.replies.push([401, { RestException: { Status: 401, Message: 'no' } }]);
      await expect(read(SOUGHT)).rejects.toMatchObject({ kind: 'credentials_rejected' });
    });
  });

  describe('of which the placing was not confirmed', () => {
    it('asks for calls to the callee that were created then, in India’s time, and reads the one', async () => {
      server.replies.push(page([LISTED]), one());
      expect(await read(LOST)).toEqual(REPORT);
      expect(server.asked[0]).toMatchObject({
        path: `${CALLS}.json`,
        query: [
          ['From', FAR],
          ['Direction', 'outbound-api'],
          ['DateCreated', 'gte:2017-03-03 10:47:33;lte:2017-03-03 10:58:33'],
          ['PageSize', '100'],
        ],
      });
      expect(server.asked[1]?.path).toBe(`${CALLS}/${SID}.json`);
    });

    it('goes on by the cursor, whatever host the link names', async () => {
      const link = 'https://twilix.exotel.com/v1/Accounts/acme1/Calls.json?PageSize=1&After=xyz%3D';
      const later = { ...LISTED, Sid: 'later', DateCreated: '2017-03-03 10:50:00' };
      server.replies.push(page([later], link), page([LISTED]), one());
      expect(await read(LOST)).toMatchObject({ providerCallId: SID });
      expect(server.asked[1]?.query.at(-1)).toEqual(['After', 'xyz=']);
    });

    it.each([
      ['from another number of ours', { PhoneNumberSid: '08047281002', To: '08047281002' }],
      ['to another callee', { From: '09876530241' }],
      ['that came in', { Direction: 'inbound' }],
      ['that a flow has dialled', { Direction: 'outbound-dial' }],
      ['that was created before', { DateCreated: '2017-03-03 10:47:32' }],
      ['that was created long after', { DateCreated: '2017-03-03 10:58:34' }],
    ])('takes none %s for it', async (_what, more) => {
      server.replies.push(page([{ ...LISTED, ...more }]));
      expect(await read(LOST, CREATED + 5 * HOUR_MS)).toEqual({ kind: 'absent' });
    });

    it('takes none of the others', async () => {
      server.replies.push(page([LISTED]));
      expect(await read({ ...LOST, others: [SID] }, CREATED + 5 * HOUR_MS)).toEqual({ kind: 'absent' });
    });

    it('knows our number in either of its fields', async () => {
      server.replies.push(page([{ ...LISTED, PhoneNumberSid: '0a1b2c3d4e5f60718293a4b5c6d7e8f9' }]), one());
      expect(await read(LOST)).toMatchObject({ kind: 'found' });
    });

    it('says nothing while it may be under way, which the list leaves out', async () => {
      server.replies.push(page([]), page([]));
      expect(await read(LOST, CREATED + 5 * HOUR_MS - 1)).toEqual({ kind: 'untold' });
      expect(await read(LOST, CREATED + 5 * HOUR_MS)).toEqual({ kind: 'absent' });
      expect(await read({ ...LOST, farEnd: null })).toEqual({ kind: 'untold' });
    });

    it('asks no list without an end', async () => {
      server.replies.push(...Array.from({ length: 20 }, () => page([LISTED], '/v1/Accounts/acme1/Calls.json?After=x')));
      await expect(read(LOST)).rejects.toMatchObject({ kind: 'transient' });
    });

    it('takes an account that is not there for wrong credentials', async () => {
      server.replies.push([404, {}]);
      await expect(read(LOST)).rejects.toMatchObject({ kind: 'credentials_rejected' });
    });
  });
});
