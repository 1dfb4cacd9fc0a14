import type { LiveCall, OutboundCall } from '../../contract/call';
import { ProviderError } from '../../contract/provider-error';
import { HttpClient } from '../../support/http-client';
import { RecordingServer, type Reply } from '../../support/recording-server.fixture';
import { SanClient } from './san.client';
import { SanCredentials } from './san.credentials';

const API = '/pbxadmin/sanpbxapi';
const TOKEN: Reply = [200, { status: 'success', Apitoken: 'eyJ.x.y', expiry_time: '2026-02-14 15:36:08' }];

describe('SanClient', () => {
  const server = new RecordingServer();

  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  afterEach(() => expect(server.replies).toEqual([]));

  const client = (more: Partial<SanCredentials> = {}) =>
    new SanClient(
      Object.assign(new SanCredentials(), {
        base_url: `${server.origin}${API}/`,
        access_token: 'token-1',
        access_key: 'key-1',
        app_id: '6',
        ...more,
      }),
      new HttpClient({ vendor: 'san' }),
    );
  const paths = () => server.asked.map(({ method, path }) => `${method} ${path}`);

  describe('verify', () => {
    it('proves the credentials by the token they give', async () => {
      server.replies.push(TOKEN);
      expect(await client().verify()).toEqual({ verified: true });
      expect(server.asked[0]).toMatchObject({
        method: 'POST',
        path: `${API}/gentoken`,
        headers: { accesstoken: 'token-1' },
        body: '{"access_key":"key-1"}',
      });
      expect(server.asked[0]?.headers).not.toHaveProperty('authorization');
    });

    it('adds HTTP Basic where the tenant has it, and takes a nested token', async () => {
      server.replies.push([200, { data: { Apitoken: 'eyJ.x.y' } }]);
      await client({ username: 'Aladdin', password: 'open sesame' }).verify();
      expect(server.asked[0]?.headers.authorization).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
    });

    it.each<Reply>([
      [200, { status: 'failed', msg: 'Invalid access token' }],
      [200, { Apitoken: '' }],
      [200, ''],
      [401, { Apitoken: 'eyJ.x.y' }],
    ])('takes %i %j for a refusal', async (...reply) => {
      server.replies.push(reply);
      await expect(client().verify()).rejects.toMatchObject({ name: 'ProviderError', kind: 'credentials_rejected' });
    });

    it.each(['base_url', 'access_token', 'access_key'] as const)('proves nothing without %s', async (missing) => {
      expect(await client({ [missing]: undefined }).verify()).toEqual({ verified: false });
      expect(server.asked).toEqual([]);
    });
  });

  const CALL: OutboundCall = {
    from: '+911246745647',
    to: '+919560088735',
    answerUrl: 'https://voice.example.com/in',
    statusUrl: 'https://voice.example.com/in/status',
    target: { answerUrl: 'https://voice.example.com/in', statusUrl: 'https://voice.example.com/in/status' },
    stream: { kind: 'stream', url: 'wss://bot.example.com/ws?x=1', parameters: { call_id: 'c&1' } },
    ringTimeoutS: 30,
  };

  describe('placeCall', () => {
    // The forms in which third-party clients send a call and find its identifier.
    it('dials with a fresh token, the numbers as San names them', async () => {
      server.replies.push(TOKEN, [200, { status: 'success', callid: '1728505015.6351' }]);
      expect(await client().placeCall(CALL)).toEqual({ providerCallId: '1728505015.6351' });
      expect(paths()).toEqual([`POST ${API}/gentoken`, `POST ${API}/dialcall`]);
      expect(server.asked[1]?.headers).toMatchObject({ apitoken: 'eyJ.x.y', 'content-type': 'application/json' });
      expect(JSON.parse(server.asked[1]?.body ?? '')).toEqual({
        appid: 6,
        call_to: '09560088735',
        caller_id: '6745647',
        status_callback: 'https://voice.example.com/in/status',
        websocket_url: 'wss://bot.example.com/ws?x=1&call_id=c%261',
        custom_field: { call_id: 'c&1' },
      });
    });

    it.each([
      { callid: 12345 },
      { status: 'success', data: { callid: '12345' } },
      { status: 'success', msg: { callid: '12345' } },
      { data: { status: 'success', msg: { callid: '12345' } } },
      { status: 'success', call_id: '12345' },
    ])('finds the identifier in %j', async (body) => {
      server.replies.push(TOKEN, [200, body]);
      expect(await client().placeCall(CALL)).toEqual({ providerCallId: '12345' });
    });

    it.each<[Reply, string, boolean]>([
      [[200, { status: 'error', msg: 'Invalid caller id' }], 'permanent', false],
      [[200, { data: { status: 'failed', msg: 'channel limit' } }], 'permanent', false],
      [[200, { status: 'error', msg: 'Invalid Token' }], 'credentials_rejected', false],
      [[401, ''], 'credentials_rejected', false],
      [[400, { msg: 'appid' }], 'permanent', false],
      [[200, { status: 'success' }], 'transient', true],
      [[200, ''], 'transient', true],
      [[500, ''], 'transient', true],
    ])('takes %j for %s', async (reply, kind, isOutcomeUnknown) => {
      server.replies.push(TOKEN, reply);
      await expect(client().placeCall(CALL)).rejects.toMatchObject({ kind, isOutcomeUnknown });
      expect(server.asked).toHaveLength(2);
    });

    it('knows that nobody was called where there is no token', async () => {
      server.replies.push([500, '']);
      await expect(client().placeCall(CALL)).rejects.toMatchObject({
        kind: 'transient',
        httpStatus: 500,
        isOutcomeUnknown: false,
      });
      expect(paths()).toEqual([`POST ${API}/gentoken`]);
    });

    it.each(['base_url', 'access_token', 'access_key', 'app_id'] as const)('needs %s, and says so', async (missing) => {
      await expect(client({ [missing]: undefined }).placeCall(CALL)).rejects.toMatchObject({
        kind: 'permanent',
        message: `San needs more credentials for calls: ${missing}`,
      });
      expect(server.asked).toEqual([]);
    });

    it('needs a stream', async () => {
      await expect(client().placeCall({ ...CALL, stream: null })).rejects.toMatchObject({ kind: 'permanent' });
      expect(server.asked).toEqual([]);
    });
  });

  describe('hangup', () => {
    const LIVE: LiveCall = { providerCallId: '1728505015.6351', ownNumber: '+911246745647', farEnd: null };

    it('disconnects, also without app_id', async () => {
      server.replies.push(TOKEN, [200, { status: 'success' }]);
      await client({ app_id: undefined }).hangup(LIVE);
      expect(paths()).toEqual([`POST ${API}/gentoken`, `POST ${API}/calldisconnect`]);
      expect(server.asked[1]).toMatchObject({ headers: { apitoken: 'eyJ.x.y' }, body: '{"callid":"1728505015.6351"}' });
    });

    it.each<Reply>([
      [404, ''],
      [200, { status: 'error', msg: 'Call not found' }],
      [200, { data: { status: 'failed', message: 'No active channel' } }],
    ])('finds a call that is over: %j', async (...reply) => {
      server.replies.push(TOKEN, reply);
      await expect(client().hangup(LIVE)).resolves.toBeUndefined();
    });

    it.each<[Reply, string]>([
      [[200, { status: 'error', msg: 'Token not found' }], 'credentials_rejected'],
      [[200, { status: 'error', msg: 'callid is mandatory' }], 'permanent'],
      [[400, ''], 'permanent'],
    ])('does not take %j for done', async (reply, kind) => {
      server.replies.push(TOKEN, reply);
      await expect(client().hangup(LIVE)).rejects.toMatchObject({ kind });
    });

    it('names what is missing', async () => {
      await expect(client({ access_key: undefined }).hangup(LIVE)).rejects.toMatchObject({
        kind: 'permanent',
        message: 'San needs more credentials for calls: access_key',
      });
    });
  });

  it('never pretends to have listed or routed', async () => {
    const san = client();
    const list = async () => {
      for await (const { numbers } of san.numbers()) throw new Error(`Listed ${numbers.length} numbers`);
    };
    for (const attempt of [list(), san.find(), san.readRoute(), san.route(), san.unroute()]) {
      const error: unknown = await attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ kind: 'permanent' });
    }
  });
});
