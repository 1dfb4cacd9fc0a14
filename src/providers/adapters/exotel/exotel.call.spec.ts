import type { OutboundCall } from '../../contract/call';
import { HttpClient } from '../../support/http-client';
import { type Asked, RecordingServer, type Reply } from '../../support/recording-server.fixture';
import { exotelAdapter } from './exotel.adapter';
import { ExotelClient } from './exotel.client';
import { ExotelCredentials } from './exotel.credentials';

const SID = 'acme1';
const CONNECT = `/v1/Accounts/${SID}/Calls/connect.json`;
const FLOW = `http://my.exotel.com/${SID}/exoml/start_voice/926`;
const TARGET = { answerUrl: 'https://voice.example.com/in', statusUrl: 'https://voice.example.com/in/status' };

describe('calls of ExotelClient', () => {
  const server = new RecordingServer();

  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  afterEach(() => expect(server.replies).toEqual([]));

  const client = (more: Partial<ExotelCredentials> = {}) =>
    new ExotelClient(
      Object.assign(
        new ExotelCredentials(),
        { account_sid: SID, api_key: 'key-1', api_token: 'token-1', region: 'singapore', app_id: '926' },
        more,
      ),
      new HttpClient({ vendor: 'exotel', baseUrl: server.origin }),
    );
  const paths = () => server.asked.map(({ method, path }) => `${method} ${path}`);
  const form = (asked: Asked | undefined) => [...new URLSearchParams(asked?.body)];

  describe('placeCall', () => {
    const CALL: OutboundCall = {
      from: '+911139585476',
      to: '+919876543210',
      answerUrl: 'https://voice.example.com/answer',
      statusUrl: 'https://voice.example.com/status',
      target: TARGET,
      stream: { kind: 'stream', url: 'wss://bot.example.com/media?sample-rate=8000', parameters: { call_id: 'c 1' } },
      ringTimeoutS: 30,
    };
    // The example of https://developer.exotel.com/docs/agentstream/connect-voice-ai
    const PLACED: Reply = [
      200,
      {
        Call: {
          Sid: 'a1b2c3d4e5f6',
          Status: 'in-progress',
          From: '+919876543210',
          PhoneNumberSid: '01139585476',
          Direction: 'outbound-api',
          DateCreated: '2025-06-01 10:00:00',
          RecordingUrl: null,
        },
      },
    ];

    it('calls straight to the stream', async () => {
      server.replies.push(PLACED);
      expect(await client().placeCall(CALL)).toEqual({ providerCallId: 'a1b2c3d4e5f6' });
      expect(paths()).toEqual([`POST ${CONNECT}`]);
      expect(form(server.asked[0])).toEqual([
        ['From', '+919876543210'],
        ['CallerId', '01139585476'],
        ['StatusCallback', 'https://voice.example.com/status'],
        ['StreamUrl', 'wss://bot.example.com/media?sample-rate=8000&call_id=c%201'],
        ['StreamType', 'bidirectional'],
        ['StatusCallbackEvents[]', 'answered'],
        ['StatusCallbackEvents[]', 'terminal'],
      ]);
    });

    it('calls through the flow where there is no stream, or none that fits', async () => {
      const url = `wss://bot.example.com/${'a'.repeat(577)}`;
      for (const stream of [null, { kind: 'stream', url: `${url}b`, parameters: {} } as const]) {
        server.reset();
        server.replies.push(PLACED);
        await client().placeCall({ ...CALL, from: '+6561234567', stream, ringTimeoutS: 29.6 });
        expect(form(server.asked[0])).toEqual([
          ['From', '+919876543210'],
          ['CallerId', '+6561234567'],
          ['StatusCallback', 'https://voice.example.com/status'],
          ['Url', FLOW],
          ['CallType', 'trans'],
          ['TimeOut', '30'],
        ]);
      }
      // 22 characters in front of 577 make 599, the longest that is under 600.
      server.reset();
      server.replies.push(PLACED);
      await client().placeCall({ ...CALL, stream: { kind: 'stream', url, parameters: { a: '1' } } });
      expect(form(server.asked[0])).toContainEqual(['StreamUrl', url]);
    });

    it.each([
      [0.2, '1'],
      [60, '60'],
      [300, '60'],
    ])('lets it ring through the flow for %d s as %s', async (ringTimeoutS, sent) => {
      server.replies.push(PLACED);
      await client().placeCall({ ...CALL, stream: null, ringTimeoutS });
      expect(form(server.asked[0])).toContainEqual(['TimeOut', sent]);
    });

    it('needs app_id for the flow', async () => {
      await expect(client({ app_id: undefined }).placeCall({ ...CALL, stream: null })).rejects.toMatchObject({
        kind: 'permanent',
        message: expect.stringContaining('app_id') as string,
      });
      expect(server.asked).toEqual([]);
    });

    it('leaves open whether it rings where the answer has no identifier', async () => {
      server.replies.push([200, { Call: {} }]);
      await expect(client().placeCall(CALL)).rejects.toMatchObject({ kind: 'transient', isOutcomeUnknown: true });
    });

    it.each([
      [400, 'permanent', false],
      [401, 'credentials_rejected', false],
      // As for a callee in the register of those who want no calls.
      [403, 'permanent', false],
      [404, 'permanent', false],
      [500, 'transient', true],
    ])('is sent once, also after HTTP %i', async (status, kind, isOutcomeUnknown) => {
      server.replies.push([status, '']);
      await expect(client().placeCall(CALL)).rejects.toMatchObject({ kind, isOutcomeUnknown });
      expect(server.asked).toHaveLength(1);
    });
  });

  it('cannot hang up, and says so', async () => {
    expect(exotelAdapter.capabilities.hangup).toBe(false);
    await expect(client().hangup()).rejects.toMatchObject({ kind: 'permanent' });
  });
});
