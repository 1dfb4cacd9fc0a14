import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { OutboundCall } from '../../contract/call';
import type { NumberPage } from '../../contract/route';
import type { SharedValues } from '../../contract/shared-resources';
import { HttpClient } from '../../support/http-client';
import { VonageClient } from './vonage.client';
import { CREDENTIALS, failure, MemoryResources, type Reply, VonageServer } from './vonage.fixture';

const APP = '78d335fa-323d-0114-9c3d-d6f0d48968cf';
const OTHER_APP = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const TARGET = {
  answerUrl: 'https://voice.example.com/inbound/vonage/key',
  statusUrl: 'https://voice.example.com/inbound/vonage/key/status',
};
const FORMER_TARGET = { answerUrl: 'https://old.example.com/a', statusUrl: 'https://old.example.com/a/status' };
const KEYS = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const REMEMBERED = { application_id: APP, private_key: KEYS.privateKey };
const NUMBER = { phoneNumber: '+447700900000', providerNumberId: null };

/** The item of the documentation's example answer, https://developer.vonage.com/en/api/numbers#getOwnedNumbers */
const PLAIN = {
  country: 'GB',
  msisdn: '447700900000',
  moHttpUrl: 'https://example.com/webhooks/inbound-sms',
  type: 'mobile-lvn',
  features: ['VOICE', 'SMS', 'MMS'],
};
const LINKED = { ...PLAIN, app_id: APP };

/** After https://developer.vonage.com/en/api/application.v2#getApplication, with members that are none of our business. */
const application = (voice: object = {}, keys: object = { public_key: KEYS.publicKey }) => ({
  id: APP,
  name: 'patchbay-acc_01',
  keys,
  privacy: { improve_ai: false },
  capabilities: {
    voice: {
      webhooks: {
        answer_url: { address: TARGET.answerUrl, http_method: 'POST', socket_timeout: 5000 },
        fallback_answer_url: { address: '', http_method: 'GET' },
        event_url: { address: TARGET.statusUrl, http_method: 'POST' },
      },
      signed_callbacks: true,
      conversations_ttl: 24,
      region: 'eu-west',
      ...voice,
    },
    messages: { webhooks: { inbound_url: { address: 'https://example.com/in', http_method: 'POST' } } },
  },
  _links: { self: { href: `/v2/applications/${APP}` } },
});
const ELSEWHERE = application({
  webhooks: {
    answer_url: { address: FORMER_TARGET.answerUrl, http_method: 'GET' },
    event_url: { address: FORMER_TARGET.statusUrl, http_method: 'POST' },
    fallback_answer_url: { address: 'https://fallback.example.com', http_method: 'GET' },
  },
});

const numbers = (...items: object[]): Reply => [200, { count: items.length, numbers: items }];
const NONE: Reply = [200, {}];
const CHANGED: Reply = [200, { 'error-code': '200', 'error-code-label': 'success' }];
const METHOD_FAILED = { 'error-code': '420', 'error-code-label': 'method failed' };
const NOT_FOUND: Reply = [404, { type: 'https://developer.nexmo.com/api-errors#not-found', title: 'Not Found' }];
const applications = (...items: object[]): Reply => [
  200,
  { page_size: 100, page: 1, total_items: items.length, total_pages: 1, _embedded: { applications: items } },
];

describe('VonageClient', () => {
  const server = new VonageServer();
  let shared: MemoryResources;
  let client: VonageClient;

  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(() => {
    server.reset();
    shared = new MemoryResources(REMEMBERED);
    client = connected();
  });
  afterEach(() => expect(server.answers).toEqual([]));

  function connected(nowMs = 1_700_000_000_000): VonageClient {
    const http = new HttpClient({ vendor: 'vonage', baseUrl: server.url });
    return new VonageClient(CREDENTIALS, http, shared, { now: () => nowMs });
  }

  const basic = `Basic ${Buffer.from('a1b2c3d4:AbCdEf0123456789').toString('base64')}`;
  const lines = () => server.asked.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
  const queryOf = (index: number) => new URL(server.asked[index]?.path ?? '', 'http://x').searchParams;

  describe('verify', () => {
    it('lists one number', async () => {
      server.answers = [numbers(PLAIN)];
      expect(await client.verify()).toEqual({ verified: true });
      expect(server.asked).toHaveLength(1);
      expect(server.asked[0]).toMatchObject({ path: '/account/numbers?size=1&index=1', authorization: basic });
    });

    it('takes the empty object of an account without numbers', async () => {
      server.answers = [NONE];
      expect(await client.verify()).toEqual({ verified: true });
    });

    it.each<[Reply]>([
      [[401, { 'error-code': '401', 'error-code-label': 'authentication failed' }]],
      [[200, { 'error-code': '401', 'error-code-label': 'authentication failed' }]],
      [[403, { 'error-code': '403', 'error-code-label': 'forbidden' }]],
    ])('throws credentials_rejected for %j', async (answer) => {
      server.answers = [answer];
      const error = await failure(client.verify());
      expect(error.kind).toBe('credentials_rejected');
      expect(error.message).not.toContain(CREDENTIALS.api_secret);
    });

    it.each<[Reply]>([
      [[200, 'up']],
      [[200, []]],
      [[200, { count: '1' }]],
      [[200, { count: 1, numbers: {} }]],
      [[200]],
    ])('does not take %j for a proof', async (answer) => {
      server.answers = [answer];
      expect(await failure(client.verify())).toMatchObject({ kind: 'transient' });
    });
  });

  describe('numbers', () => {
    const item = (msisdn: string, more: object = {}) => ({ ...PLAIN, msisdn, ...more });

    async function all(after: string | null): Promise<NumberPage[]> {
      const pages: NumberPage[] = [];
      for await (const page of client.numbers(after)) pages.push(page);
      return pages;
    }

    it('counts pages from 1 until all that are counted were shown', async () => {
      server.answers = [
        [200, { count: 101, numbers: [item('447700900001'), item('447700900002')] }],
        [200, { count: 101, numbers: [item('447700900003')] }],
      ];
      expect(await all(null)).toEqual([
        {
          numbers: [
            { phoneNumber: '+447700900001', providerNumberId: null },
            { phoneNumber: '+447700900002', providerNumberId: null },
          ],
          next: '2',
        },
        { numbers: [{ phoneNumber: '+447700900003', providerNumberId: null }], next: null },
      ]);
      expect([0, 1].map((asked) => queryOf(asked).toString())).toEqual(['size=100&index=1', 'size=100&index=2']);
    });

    it('goes on behind a page, and fetches no page that is not asked for', async () => {
      server.answers = [[200, { count: 300, numbers: [item('447700900001')] }]];
      for await (const page of client.numbers('2')) {
        expect(page.next).toBe('3');
        break;
      }
      expect(server.asked).toHaveLength(1);
      expect(queryOf(0).get('index')).toBe('2');
    });

    it('leaves out short codes, also one that could be read as a number', async () => {
      const code = item('6587654321', { type: 'mobile-shortcode' });
      server.answers = [numbers(item('447700900001'), item('12345'), code)];
      expect((await all(null))[0]?.numbers).toEqual([{ phoneNumber: '+447700900001', providerNumberId: null }]);
    });

    it('has nothing to show where the body is an empty object', async () => {
      server.answers = [NONE];
      expect(await all(null)).toEqual([{ numbers: [], next: null }]);
    });

    it.each<[Reply]>([
      [[200, { count: 1, numbers: [{ country: 'GB' }] }]],
      [[200, { count: 1, numbers: [{ msisdn: '447700900000' }] }]],
      [[200, { count: 250, numbers: [] }]],
    ])('skips nothing silently: %j', async (answer) => {
      server.answers = [answer];
      expect(await failure(all(null))).toMatchObject({ kind: 'transient' });
    });

    it('refuses a cursor that is not its own', async () => {
      expect(await failure(all('-1'))).toMatchObject({ kind: 'permanent' });
      expect(server.asked).toEqual([]);
    });
  });

  describe('find', () => {
    it('asks without + and compares, since a longer number begins alike', async () => {
      server.answers = [numbers({ ...PLAIN, msisdn: '4477009000001' }, PLAIN)];
      expect(await client.find('+447700900000')).toEqual({ phoneNumber: '+447700900000', providerNumberId: null });
      expect(queryOf(0).get('pattern')).toBe('447700900000');
      expect(queryOf(0).get('search_pattern')).toBe('0');
    });

    it.each([
      ['only a longer number is found', numbers({ ...PLAIN, msisdn: '4477009000001' })],
      ['the answer is an empty object', NONE],
    ])('finds nothing where %s', async (_, answer) => {
      server.answers = [answer];
      expect(await client.find('+447700900000')).toBeNull();
    });
  });

  describe('route', () => {
    it('makes the application once, gives it a public key, and links the number', async () => {
      shared = new MemoryResources();
      const created = application();
      server.answers = [numbers(PLAIN), applications(), [201, created], CHANGED, numbers(LINKED)];
      await connected().route(NUMBER, TARGET);
      expect(lines()).toEqual([
        'GET /account/numbers',
        'GET /v2/applications',
        'POST /v2/applications',
        'POST /number/update',
        'GET /account/numbers',
      ]);
      const { keys, ...rest } = server.json('POST') as { keys: { public_key: string } };
      expect(rest).toEqual({
        name: 'patchbay-acc_01',
        capabilities: {
          voice: {
            webhooks: {
              answer_url: { address: TARGET.answerUrl, http_method: 'POST' },
              event_url: { address: TARGET.statusUrl, http_method: 'POST' },
            },
            signed_callbacks: true,
          },
        },
      });
      const { application_id: id, private_key: privateKey = '' } = shared.values ?? {};
      expect(id).toBe(APP);
      const derived = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
      expect(keys).toEqual({ public_key: derived });
      expect(server.form()).toEqual({
        country: 'GB',
        msisdn: '447700900000',
        app_id: APP,
        moHttpUrl: 'https://example.com/webhooks/inbound-sms',
      });
    });

    it('finds the application by name on a later page, replaces its lost key and keeps all else', async () => {
      shared = new MemoryResources();
      const found = application({}, { public_key: 'somebody else’s' });
      const page = (number: number, item: object): Reply => [
        200,
        { page: number, total_pages: 2, _embedded: { applications: [item] } },
      ];
      const stranger = { id: OTHER_APP, name: 'patchbay-acc_011' };
      server.answers = [
        numbers(PLAIN),
        page(1, stranger),
        page(2, { id: APP, name: 'patchbay-acc_01' }),
        [200, found],
        [200, found],
        CHANGED,
        numbers(LINKED),
      ];
      await connected().route(NUMBER, TARGET);
      const { keys, ...sent } = server.json('PUT') as { keys: { public_key: string } };
      expect(sent).toEqual({ ...found, keys: undefined, _links: undefined });
      const privateKey = shared.values?.private_key ?? '';
      expect(keys.public_key).toBe(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
      expect(lines()).not.toContain('POST /v2/applications');
    });

    it('leaves an application alone that is still right, and remembers the same', async () => {
      server.answers = [numbers(PLAIN), [200, application()], CHANGED, numbers(LINKED)];
      await client.route(NUMBER, TARGET);
      expect(shared.written).toBe(0);
      expect(lines().filter((line) => line.includes('applications'))).toEqual([`GET /v2/applications/${APP}`]);
    });

    it('reads, changes and writes the whole application where its URLs are others', async () => {
      server.answers = [numbers(PLAIN), [200, ELSEWHERE], [200, application()], CHANGED, numbers(LINKED)];
      await client.route(NUMBER, TARGET);
      expect(server.json('PUT')).toEqual({
        ...ELSEWHERE,
        _links: undefined,
        capabilities: {
          ...ELSEWHERE.capabilities,
          voice: {
            ...ELSEWHERE.capabilities.voice,
            webhooks: {
              answer_url: { address: TARGET.answerUrl, http_method: 'POST' },
              event_url: { address: TARGET.statusUrl, http_method: 'POST' },
              fallback_answer_url: { address: 'https://fallback.example.com', http_method: 'GET' },
            },
          },
        },
      });
      expect(shared.written).toBe(0);
    });

    it.each([
      ['sends unsigned callbacks', application({ signed_callbacks: false })],
      [
        'holds another key',
        application({}, { public_key: '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----' }),
      ],
    ])('mends an application that %s', async (_, held) => {
      server.answers = [numbers(PLAIN), [200, held], [200, application()], CHANGED, numbers(LINKED)];
      await client.route(NUMBER, TARGET);
      expect(server.json('PUT')).toMatchObject({
        keys: { public_key: KEYS.publicKey },
        capabilities: { voice: { signed_callbacks: true } },
      });
    });

    it('takes an answer without the key, or with other line ends, for right', async () => {
      for (const keys of [{}, { public_key: KEYS.publicKey.trim().replaceAll('\n', '\r\n') }]) {
        server.reset();
        server.answers = [numbers(LINKED), [200, application({}, keys)]];
        await client.route(NUMBER, TARGET);
        expect(lines()).toEqual(['GET /account/numbers', `GET /v2/applications/${APP}`]);
      }
    });

    it('puts a new public key where the remembered private key is gone', async () => {
      shared = new MemoryResources({ application_id: APP });
      server.answers = [numbers(LINKED), [200, application()], [200, application()]];
      await connected().route(NUMBER, TARGET);
      const { keys } = server.json('PUT') as { keys: { public_key: string } };
      expect(keys.public_key).not.toBe(KEYS.publicKey);
      const privateKey = shared.values?.private_key ?? '';
      expect(keys.public_key).toBe(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
    });

    it('makes the application again that Vonage knows no more', async () => {
      const fresh = { ...application(), id: OTHER_APP };
      const linked = { ...PLAIN, app_id: OTHER_APP };
      server.answers = [numbers(LINKED), NOT_FOUND, applications(), [201, fresh], CHANGED, numbers(linked)];
      await client.route(NUMBER, TARGET);
      expect(shared.values?.application_id).toBe(OTHER_APP);
      expect(shared.values?.private_key).not.toBe(KEYS.privateKey);
    });

    it('changes nothing where the number is linked already, as Vonage shows it in the older way too', async () => {
      const shown = { ...LINKED, voiceCallbackType: 'app', voiceCallbackValue: APP };
      server.answers = [numbers(shown), [200, application()]];
      await client.route(NUMBER, TARGET);
      expect(lines()).not.toContain('POST /number/update');
    });

    it.each(['sip', 'tel'])('clears forwarding of type %s by leaving it out, since it comes first', async (type) => {
      const forwarded = { ...LINKED, voiceCallbackType: type, voiceCallbackValue: '447700900099' };
      server.answers = [numbers(forwarded), [200, application()], CHANGED, numbers(LINKED)];
      await client.route(NUMBER, TARGET);
      expect(server.form()).not.toHaveProperty('voiceCallbackType');
      expect(server.form()).not.toHaveProperty('voiceCallbackValue');
    });

    it('repeats every other field, so that none is cleared', async () => {
      const full = {
        ...PLAIN,
        app_id: OTHER_APP,
        moSmppSysType: 'inbound',
        voiceStatusCallback: 'https://example.com/webhooks/status',
        messagesCallbackType: 'app',
        messagesCallbackValue: 'bbbbbbbb-bbbb-cccc-dddd-0123456789ab',
      };
      server.answers = [numbers(full), [200, application()], CHANGED, numbers(LINKED)];
      await client.route(NUMBER, TARGET);
      expect(server.form()).toEqual({ ...full, app_id: APP, type: undefined, features: undefined });
      expect(server.asked.find(({ path }) => path === '/number/update')).toMatchObject({
        authorization: basic,
        contentType: expect.stringContaining('application/x-www-form-urlencoded') as string,
      });
    });

    it('does not take 200 for success while the number shows another route', async () => {
      server.answers = [numbers(PLAIN), [200, application()], CHANGED, numbers(PLAIN)];
      expect(await failure(client.route(NUMBER, TARGET))).toMatchObject({ kind: 'transient' });
    });

    it.each<[Reply]>([[[420, METHOD_FAILED]], [[200, METHOD_FAILED]]])(
      'throws not_owned for %j where the number has gone meanwhile',
      async (answer) => {
        server.answers = [numbers(PLAIN), [200, application()], answer, NONE];
        expect(await failure(client.route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
      },
    );

    it('tells a refusal of the change from a number that is not held', async () => {
      server.answers = [numbers(PLAIN), [200, application()], [420, METHOD_FAILED], numbers(PLAIN)];
      expect(await failure(client.route(NUMBER, TARGET))).toMatchObject({ kind: 'permanent', vendorCode: '420' });
    });

    it('does not take an error code inside a 200 for success', async () => {
      server.answers = [numbers(PLAIN), [200, application()], [200, { 'error-code': '401' }]];
      expect(await failure(client.route(NUMBER, TARGET))).toMatchObject({ kind: 'credentials_rejected' });
    });

    it('throws not_owned, and makes no application, for a number that is not held', async () => {
      server.answers = [NONE];
      expect(await failure(client.route(NUMBER, TARGET))).toMatchObject({ kind: 'not_owned' });
      expect(server.asked).toHaveLength(1);
    });

    it('refuses a number that takes no calls', async () => {
      server.answers = [numbers({ ...PLAIN, features: ['SMS'] })];
      expect(await failure(client.route(NUMBER, TARGET))).toMatchObject({ kind: 'permanent' });
    });

    it('passes on why an application is refused, by code only', async () => {
      const problem = {
        type: 'https://developer.nexmo.com/api-errors#invalid-params',
        title: 'Bad Request',
        detail: `The value ${TARGET.answerUrl} is no good`,
      };
      server.answers = [numbers(PLAIN), [200, ELSEWHERE], [400, problem]];
      const error = await failure(client.route(NUMBER, TARGET));
      expect(error).toMatchObject({ kind: 'permanent', httpStatus: 400, vendorCode: 'invalid-params' });
      expect(error.message).not.toContain('example.com');
    });
  });

  describe('readRoute', () => {
    it('shows the number in Vonage’s words and matches number and application together', async () => {
      server.answers = [numbers(LINKED), [200, application()]];
      const route = await client.readRoute(NUMBER);
      expect(route.providerNumberId).toBeNull();
      expect(route.snapshot).toEqual({
        app_id: APP,
        moHttpUrl: 'https://example.com/webhooks/inbound-sms',
        moSmppSysType: null,
        voiceCallbackType: null,
        voiceCallbackValue: null,
        voiceStatusCallback: null,
        messagesCallbackType: null,
        messagesCallbackValue: null,
      });
      expect(route.matches(TARGET)).toBe(true);
      expect(route.matches({ ...TARGET, answerUrl: 'https://voice.example.com/other' })).toBe(false);
      expect(route.matches({ ...TARGET, statusUrl: 'https://voice.example.com/other' })).toBe(false);
    });

    it.each([
      ['is forwarded', { ...LINKED, voiceCallbackType: 'sip', voiceCallbackValue: 'sip:x@example.com' }],
      ['is forwarded in capitals', { ...LINKED, voiceCallbackType: 'TEL', voiceCallbackValue: '447700900099' }],
      [
        'names another application in the older way',
        { ...LINKED, voiceCallbackType: 'app', voiceCallbackValue: OTHER_APP },
      ],
      ['is linked to another application', { ...PLAIN, app_id: OTHER_APP }],
      ['is linked to none', PLAIN],
    ])('does not match where the number %s', async (_, number) => {
      server.answers = [numbers(number)];
      expect((await client.readRoute(NUMBER)).matches(TARGET)).toBe(false);
    });

    it.each<[string, Reply]>([
      ['calls other URLs', [200, ELSEWHERE]],
      ['is gone', NOT_FOUND],
      ['does not sign', [200, application({ signed_callbacks: false })]],
    ])('does not match where the application %s', async (_, answer) => {
      server.answers = [numbers(LINKED), answer];
      expect((await client.readRoute(NUMBER)).matches(TARGET)).toBe(false);
    });

    it('does not match while nothing is remembered', async () => {
      shared = new MemoryResources();
      server.answers = [numbers(LINKED)];
      expect((await connected().readRoute(NUMBER)).matches(TARGET)).toBe(false);
    });

    it('throws not_owned', async () => {
      server.answers = [NONE];
      expect(await failure(client.readRoute(NUMBER))).toMatchObject({ kind: 'not_owned' });
    });
  });

  describe('unroute', () => {
    const NOTHING = {
      app_id: null,
      voiceCallbackType: null,
      voiceCallbackValue: null,
      voiceStatusCallback: null,
      moHttpUrl: null,
      moSmppSysType: null,
      messagesCallbackType: null,
      messagesCallbackValue: null,
    };
    const KEPT = { country: 'GB', msisdn: '447700900000', moHttpUrl: 'https://example.com/webhooks/inbound-sms' };

    it('links the former application again', async () => {
      server.answers = [numbers(LINKED), CHANGED, numbers({ ...PLAIN, app_id: OTHER_APP })];
      await client.unroute(NUMBER, { ...NOTHING, app_id: OTHER_APP }, [TARGET]);
      expect(server.form()).toEqual({ ...KEPT, app_id: OTHER_APP });
    });

    it('links the former application that was named in the older way', async () => {
      const former = { ...NOTHING, voiceCallbackType: 'app', voiceCallbackValue: OTHER_APP };
      server.answers = [numbers(LINKED), CHANGED, numbers({ ...PLAIN, app_id: OTHER_APP })];
      await client.unroute(NUMBER, former, [TARGET]);
      expect(server.form()).toEqual({ ...KEPT, app_id: OTHER_APP });
    });

    it('restores forwarding', async () => {
      const forwarding = { voiceCallbackType: 'sip', voiceCallbackValue: 'sip:agent@example.com' };
      server.answers = [numbers(LINKED), CHANGED, numbers({ ...PLAIN, ...forwarding })];
      await client.unroute(NUMBER, { ...NOTHING, ...forwarding }, [TARGET]);
      expect(server.form()).toEqual({ ...KEPT, ...forwarding });
    });

    it.each([null, NOTHING, { ...NOTHING, app_id: APP }])(
      'removes the link by leaving it out where the former route was %j',
      async (former) => {
        server.answers = [numbers(LINKED), CHANGED, numbers(PLAIN)];
        await client.unroute(NUMBER, former, [TARGET]);
        expect(server.form()).toEqual(KEPT);
      },
    );

    it('does not believe in a removal that the number does not show', async () => {
      server.answers = [numbers(LINKED), CHANGED, numbers(LINKED)];
      expect(await failure(client.unroute(NUMBER, null, [TARGET]))).toMatchObject({ kind: 'transient' });
    });

    it('keeps forwarding and an SMS URL that somebody has set since', async () => {
      const since = {
        voiceCallbackType: 'tel',
        voiceCallbackValue: '447700900099',
        moHttpUrl: 'https://new.example.com',
      };
      const former = { ...NOTHING, voiceCallbackType: 'sip', voiceCallbackValue: 'sip:agent@example.com' };
      server.answers = [numbers({ ...LINKED, ...since }), CHANGED, numbers({ ...PLAIN, ...since })];
      await client.unroute(NUMBER, former, [TARGET]);
      expect(server.form()).toEqual({ country: 'GB', msisdn: '447700900000', ...since });
    });

    it('leaves a number alone that somebody has linked to another application since', async () => {
      server.answers = [numbers({ ...PLAIN, app_id: OTHER_APP }), [200, { ...ELSEWHERE, id: OTHER_APP }]];
      await client.unroute(NUMBER, NOTHING, [TARGET]);
      expect(lines()).toEqual(['GET /account/numbers', `GET /v2/applications/${OTHER_APP}`]);
    });

    it('leaves a number alone that is linked to nothing', async () => {
      server.answers = [numbers(PLAIN)];
      await client.unroute(NUMBER, { ...NOTHING, app_id: OTHER_APP }, [TARGET]);
      expect(server.asked).toHaveLength(1);
    });

    it('knows the application by its URLs where its id is forgotten', async () => {
      shared = new MemoryResources();
      server.answers = [numbers(LINKED), [200, application()], CHANGED, numbers(PLAIN)];
      await connected().unroute(NUMBER, null, [FORMER_TARGET, TARGET]);
      expect(server.form()).toEqual(KEPT);
    });

    it('throws not_owned', async () => {
      server.answers = [NONE];
      expect(await failure(client.unroute(NUMBER, null, [TARGET]))).toMatchObject({ kind: 'not_owned' });
    });

    it('never changes or deletes the application', async () => {
      server.answers = [numbers(LINKED), CHANGED, numbers(PLAIN)];
      await client.unroute(NUMBER, null, [TARGET]);
      expect(lines().filter((line) => line.includes('applications'))).toEqual([]);
    });
  });

  describe('calls', () => {
    const CALL: OutboundCall = {
      from: '+447700900000',
      to: '+14155550100',
      answerUrl: 'https://voice.example.com/calls/1/answer',
      statusUrl: 'https://voice.example.com/calls/1/status',
      target: TARGET,
      stream: null,
      ringTimeoutS: 45,
    };
    const UUID = '63f61863-4a51-4f6b-86e1-46edebcf9356';
    const PLACED: Reply = [
      201,
      { uuid: UUID, status: 'started', direction: 'outbound', conversation_uuid: `CON-${UUID}` },
    ];

    it('places a call with the application’s token', async () => {
      server.answers = [[200, application()], PLACED];
      expect(await client.placeCall(CALL)).toEqual({ providerCallId: UUID });
      expect(server.asked[1]).toMatchObject({ method: 'POST', path: '/v1/calls' });
      expect(server.json('POST')).toEqual({
        to: [{ type: 'phone', number: '14155550100' }],
        from: { type: 'phone', number: '447700900000' },
        answer_url: [CALL.answerUrl],
        answer_method: 'POST',
        event_url: [CALL.statusUrl],
        event_method: 'POST',
        ringing_timer: 45,
      });
      const token = server.asked[1]?.authorization?.replace('Bearer ', '') ?? '';
      const decoded = jwt.verify(token, KEYS.publicKey, {
        algorithms: ['RS256'],
        clockTimestamp: 1_700_000_000,
        complete: true,
      });
      expect(decoded.header).toEqual({ alg: 'RS256', typ: 'JWT' });
      expect(decoded.payload).toEqual({
        application_id: APP,
        iat: 1_700_000_000,
        exp: 1_700_000_900,
        jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      });
    });

    it.each([
      [0, 1],
      [121, 120],
      [59.6, 60],
    ])('lets it ring for %d s as %d', async (ringTimeoutS, ringing_timer) => {
      server.answers = [[200, application()], PLACED];
      await client.placeCall({ ...CALL, ringTimeoutS });
      expect(server.json('POST')).toMatchObject({ ringing_timer });
    });

    it('makes the application for an account that has routed nothing yet', async () => {
      shared = new MemoryResources();
      server.answers = [applications(), [201, application()], PLACED];
      expect(await connected().placeCall(CALL)).toEqual({ providerCallId: UUID });
      expect(shared.values?.application_id).toBe(APP);
    });

    it('knows that no phone rings where the application could not be made', async () => {
      shared = new MemoryResources();
      server.answers = [applications(), [502]];
      expect(await failure(connected().placeCall(CALL))).toMatchObject({ httpStatus: 502, isOutcomeUnknown: false });
      expect(lines()).not.toContain('POST /v1/calls');
    });

    it.each<[Reply, object]>([
      [[401, { type: 'UNAUTHORIZED', error_title: 'Unauthorized' }], { kind: 'credentials_rejected' }],
      [[400, { type: 'https://x#invalid-params' }], { kind: 'permanent', vendorCode: 'invalid-params' }],
      [[404], { kind: 'permanent' }],
      [[201, {}], { kind: 'transient', isOutcomeUnknown: true }],
    ])('tells %j apart', async (answer, expected) => {
      server.answers = [[200, application()], answer];
      expect(await failure(client.placeCall(CALL))).toMatchObject(expected);
      expect(lines().filter((line) => line === 'POST /v1/calls')).toHaveLength(1);
    });

    it('hangs up', async () => {
      server.answers = [[204]];
      await client.hangup({ providerCallId: UUID, ownNumber: '+447700900000', farEnd: null });
      expect(server.asked[0]).toMatchObject({ method: 'PUT', path: `/v1/calls/${UUID}` });
      expect(server.asked[0]?.authorization).toMatch(/^Bearer ey/);
      expect(server.json('PUT')).toEqual({ action: 'hangup' });
    });

    it('takes a call that is over for hung up', async () => {
      server.answers = [NOT_FOUND];
      await client.hangup({ providerCallId: UUID, ownNumber: '+447700900000', farEnd: null });
      expect(server.asked).toHaveLength(1);
    });

    it('lets nothing in a call’s id change the path', async () => {
      server.answers = [[204]];
      await client.hangup({ providerCallId: '../x?y', ownNumber: '+447700900000', farEnd: null });
      expect(server.asked[0]?.path).toBe('/v1/calls/..%2Fx%3Fy');
    });

    it.each<SharedValues | null>([null, { application_id: APP }, { application_id: APP, private_key: 'spoilt' }])(
      'cannot hang up with %j remembered, and says so',
      async (values) => {
        shared = new MemoryResources(values);
        const call = { providerCallId: UUID, ownNumber: '+447700900000', farEnd: null };
        expect(await failure(connected().hangup(call))).toMatchObject({ kind: 'permanent' });
        expect(server.asked).toEqual([]);
      },
    );
  });
});
