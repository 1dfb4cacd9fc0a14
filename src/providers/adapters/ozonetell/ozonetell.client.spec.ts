import type { LiveCall, OutboundCall } from '../../contract/call';
import type { VendorRequest } from '../../contract/http';
import { HttpClient } from '../../support/http-client';
import { RecordingServer, type Reply } from '../../support/recording-server.fixture';
import { ozonetellAdapter } from './ozonetell.adapter';
import { OzonetellClient } from './ozonetell.client';
import { OzonetellCredentials } from './ozonetell.credentials';

const KEY = 'KK0123456789abcdef0123456789abcdef';
const CALL: OutboundCall = {
  from: '+918065740671',
  to: '+919704665032',
  answerUrl: 'https://voice.example.com/in?a=1&b=2',
  statusUrl: 'https://voice.example.com/in/status',
  target: { answerUrl: 'https://voice.example.com/in', statusUrl: 'https://voice.example.com/in/status' },
  stream: null,
  ringTimeoutS: 30,
};
const LIVE: LiveCall = { providerCallId: '21275806501458167', ownNumber: '+918065740671', farEnd: '+919704665032' };

describe('OzonetellClient', () => {
  const server = new RecordingServer();
  const sent: VendorRequest[] = [];

  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(() => {
    server.reset();
    sent.length = 0;
  });
  afterEach(() => expect(server.replies).toEqual([]));

  const client = (more: Partial<OzonetellCredentials> = {}) => {
    const http = new HttpClient({ vendor: 'ozonetell', baseUrl: server.origin });
    return new OzonetellClient(Object.assign(new OzonetellCredentials(), { api_key: KEY }, more), {
      send: (request) => (sent.push(request), http.send(request)),
    });
  };
  const query = () => Object.fromEntries(server.asked[0]?.query ?? []);

  describe('verify', () => {
    it('asks nothing for a key alone, which no harmless call would prove', async () => {
      expect(await client().verify()).toEqual({ verified: false });
      expect(server.asked).toEqual([]);
    });

    // https://docs.ozonetel.com/reference/post_ca-apis-catoken-generatetoken
    it('generates a token where there is a user', async () => {
      server.replies.push([200, { status: 'success', token: 'eyJ.x.y' }]);
      expect(await client({ user_name: 'acme' }).verify()).toEqual({ verified: true });
      expect(server.asked[0]).toMatchObject({
        method: 'POST',
        path: '/ca_apis/CAToken/generateToken',
        headers: { apikey: KEY },
        body: '{"userName":"acme"}',
      });
      expect(sent[0]?.url).toBe('https://in1-ccaas-api.ozonetel.com/ca_apis/CAToken/generateToken');
    });

    it.each<Reply>([
      // https://docs.ozonetel.com/reference/post_ca-apis-releasefwpnumber
      [200, { status: 'error', message: 'userName or apiKey not valid' }],
      [200, { status: 'success', token: '' }],
      [401, { status: 'false', message: 'Invalid User Details', data: null }],
      [200, '<html>'],
    ])('rejects nobody for %j', async (...reply) => {
      server.replies.push(reply);
      expect(await client({ user_name: 'acme' }).verify()).toEqual({ verified: false });
    });
  });

  describe('placeCall', () => {
    // The parameters and the answer of http://www.kookoo.in/index.php/kookoo-docs/outbound
    it('asks KooKoo for the call', async () => {
      server.replies.push([200, '<response><status>queued</status><message>21275806501458167</message></response>']);
      expect(await client().placeCall(CALL)).toEqual({ providerCallId: '21275806501458167' });
      expect(server.asked[0]).toMatchObject({ method: 'GET', path: '/outbound/outbound.php' });
      expect(query()).toEqual({
        api_key: KEY,
        phone_no: '09704665032',
        caller_id: '918065740671',
        outbound_version: '2',
        url: 'https://voice.example.com/in?a=1&b=2',
        callback_url: 'https://voice.example.com/in/status',
      });
      expect(sent[0]?.url.startsWith('https://in1-cpaas.ozonetel.com/outbound/outbound.php?')).toBe(true);
    });

    it('forbids that the GET, which calls somebody, is made twice', async () => {
      server.replies.push([500, '']);
      await expect(client().placeCall(CALL)).rejects.toMatchObject({ kind: 'transient', isOutcomeUnknown: true });
      expect(sent.map(({ retry }) => retry)).toEqual(['never']);
      expect(server.asked).toHaveLength(1);
    });

    it('writes foreign numbers without plus', async () => {
      server.replies.push([200, '<response><status>queued</status><message>1</message></response>']);
      await client().placeCall({ ...CALL, to: '+14155550123' });
      expect(query()).toMatchObject({ phone_no: '14155550123' });
    });

    it.each<[string, string]>([
      ['Phone number is in DND', 'permanent'],
      ['Invalid api_key', 'credentials_rejected'],
      ['Invalid API Key', 'credentials_rejected'],
    ])('finds the error in a 200: %s', async (message, kind) => {
      server.replies.push([200, `<response><status>error</status><message>${message}</message></response>`]);
      const error = { kind, isOutcomeUnknown: false, message: expect.not.stringContaining(message) as string };
      await expect(client().placeCall(CALL)).rejects.toMatchObject(error);
    });

    it.each(['', '<response>', '<response><status>queued</status></response>', '<html><body>ok</body></html>'])(
      'leaves open whether it rings where the answer is %j',
      async (text) => {
        server.replies.push([200, text]);
        await expect(client().placeCall(CALL)).rejects.toMatchObject({ kind: 'transient', isOutcomeUnknown: true });
      },
    );

    it('takes a 401 for rejected credentials', async () => {
      server.replies.push([401, '']);
      await expect(client().placeCall(CALL)).rejects.toMatchObject({ kind: 'credentials_rejected', httpStatus: 401 });
    });
  });

  describe('hangup', () => {
    it('disconnects', async () => {
      server.replies.push([200, { status: 'success', message: 'Call disconnected' }]);
      await client().hangup(LIVE);
      expect(server.asked[0]).toMatchObject({ method: 'GET', path: '/api/v1/CallControl/Disconnect' });
      expect(query()).toEqual({
        ucid: '21275806501458167',
        api_key: KEY,
        did: '918065740671',
        phoneno: '9704665032',
      });
      expect(sent[0]?.url.startsWith('https://in1-ccaas-api.ozonetel.com/api/v1/CallControl/Disconnect?')).toBe(true);
    });

    it.each([null, 'sip:bob@example.com'])('names no far end that is no number: %j', async (farEnd) => {
      server.replies.push([200, 'Success']);
      await client().hangup({ ...LIVE, farEnd });
      expect(query()).not.toHaveProperty('phoneno');
    });

    it.each<Reply>([
      [200, { status: 'error', message: 'Call not found' }],
      [200, { status: 'false', message: 'No active call for this ucid' }],
      [404, ''],
    ])('finds a call that is over: %j', async (...reply) => {
      server.replies.push(reply);
      await expect(client().hangup(LIVE)).resolves.toBeUndefined();
    });

    it.each<[Reply, string]>([
      [[200, { status: 'error', message: 'userName or apiKey not valid' }], 'credentials_rejected'],
      [[200, { status: 'error', message: 'Api key not found' }], 'credentials_rejected'],
      [[200, { status: 'error', message: 'did is mandatory' }], 'permanent'],
      [[200, '<html>maintenance</html>'], 'permanent'],
    ])('does not take %j for done', async (reply, kind) => {
      server.replies.push(reply);
      await expect(client().hangup(LIVE)).rejects.toMatchObject({ kind });
    });
  });

  it('never pretends to have listed or routed', async () => {
    expect(ozonetellAdapter.capabilities).toMatchObject({ list: false, lookup: false, route: false });
    for (const attempt of [client().find(), client().readRoute(), client().route(), client().unroute()]) {
      await expect(attempt).rejects.toMatchObject({ kind: 'permanent' });
    }
  });
});
