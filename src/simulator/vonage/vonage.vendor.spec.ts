import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { sign } from 'jsonwebtoken';
import { Simulator, startSimulator } from '../simulator';
import { DEMO_VONAGE, DEMO_VONAGE_SEED } from './vonage.demo';

const APP = '11111111-2222-4333-8444-555555555555';
const EVENT_URL = 'http://127.0.0.1:9/event';
const BASIC = `Basic ${Buffer.from(`${DEMO_VONAGE.api_key}:${DEMO_VONAGE.api_secret}`).toString('base64')}`;
const NOW = Date.UTC(2026, 10, 24, 10, 0, 0);

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const CALL = {
  to: [{ type: 'phone', number: '447700900001' }],
  from: { type: 'phone', number: '34910601234' },
  answer_url: ['http://127.0.0.1:9/answer'],
};

describe('the simulated Vonage', () => {
  let simulator: Simulator;

  const ask = async (method: string, path: string, options: { headers?: object; body?: string } = {}) => {
    const response = await fetch(simulator.vendorUrl('vonage') + path, {
      method,
      headers: { Authorization: BASIC, ...options.headers },
      body: options.body,
    });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, type: response.headers.get('content-type'), body };
  };
  const askJson = (method: string, path: string, body: unknown, headers: object = {}) =>
    ask(method, path, { headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

  const claims = (more: object = {}) => ({
    application_id: APP,
    iat: NOW / 1000,
    jti: randomUUID(),
    exp: NOW / 1000 + 900,
    ...more,
  });
  const token = (payload: object = claims()) => sign(payload, keys.privateKey, { algorithm: 'RS256' });
  const bearer = (jwt: string) => ({ Authorization: `Bearer ${jwt}` });
  const place = (call: object, jwt = token()) => askJson('POST', '/v1/calls', call, bearer(jwt));

  beforeEach(async () => {
    simulator = await startSimulator({ seed: { vonage: DEMO_VONAGE_SEED }, now: () => NOW });
    const webhooks = { event_url: { address: EVENT_URL, http_method: 'POST' } };
    const application = { id: APP, name: 'ours', capabilities: { voice: { webhooks } }, public_key: keys.publicKey };
    await simulator.seed({ vonage: { accounts: [{ ...DEMO_VONAGE, applications: [application] }] } });
  });

  afterEach(() => simulator.close());

  it('tells the balance', async () => {
    expect(await ask('GET', '/account/get-balance')).toMatchObject({
      status: 200,
      body: { value: 10.28, autoReload: false },
    });
  });

  it('takes only a form for an update', async () => {
    const form = 'country=ES&msisdn=34910601234&app_id=78d335fa-323d-0114-9c3d-d6f0d48968cf';
    const update = (type: string) => ask('POST', '/number/update', { headers: { 'Content-Type': type }, body: form });
    expect((await update('text/plain')).status).toBe(420);
    expect(await update('application/x-www-form-urlencoded')).toMatchObject({
      status: 200,
      body: { 'error-code': '200', 'error-code-label': 'success' },
    });
  });

  it.each([
    ['/account/numbers', { 'error-code': '429', 'error-code-label': 'too many requests' }],
    ['/v2/applications', { type: 'https://developer.nexmo.com/api-errors#rate-limit', title: 'Rate Limit Hit' }],
    ['/v1/calls', { type: 'TOO_MANY_REQUESTS', error_title: 'Too Many Requests' }],
  ])('fails %s in the words of its host', async (path, body) => {
    simulator.control.vonage.mode.set({ fail_status: 429, fail_count: 1 });
    expect(await ask('GET', path)).toMatchObject({ status: 429, body });
  });

  it.each([
    ['/account/unknown', { 'error-code': '404' }],
    ['/v2/unknown', { title: 'Not Found' }],
    ['/v1/unknown', { error_title: 'Not Found' }],
  ])('knows no %s', async (path, body) => expect(await ask('GET', path)).toMatchObject({ status: 404, body }));

  it('refuses applications that are no JSON', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const form = await ask('POST', '/v2/applications', { headers, body: 'name=x' });
    expect(form).toMatchObject({ status: 415, type: expect.stringContaining('application/problem+json') as string });
    const broken = { headers: { 'Content-Type': 'application/json' }, body: '{"name"' };
    expect(await ask('POST', '/v2/applications', broken)).toMatchObject({
      status: 400,
      body: { title: 'Malformed JSON' },
    });
  });

  it.each(['page_size=0', 'page_size=101', 'page_size=x', 'page=0'])('refuses a list with %s', async (query) => {
    const { status, body } = await ask('GET', `/v2/applications?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: 'https://developer.nexmo.com/api-errors/application#list-validation' });
  });

  it('keeps nothing of an application that a PUT leaves out', async () => {
    const path = `/v2/applications/${APP}`;
    const put = await askJson('PUT', path, { name: 'renamed', keys: { public_key: keys.publicKey } });
    expect(put.body).toEqual({
      id: APP,
      name: 'renamed',
      keys: { public_key: keys.publicKey },
      capabilities: {},
      _links: { self: { href: path } },
    });
    expect((await place(CALL)).body).toMatchObject({ invalid_parameters: [{ name: 'event_url' }] });
  });

  describe('a call', () => {
    it('is placed with a token of the application', async () => {
      const { status, body } = await place(CALL);
      expect(status).toBe(201);
      expect(body).toEqual({
        uuid: expect.any(String) as string,
        status: 'started',
        direction: 'outbound',
        conversation_uuid: expect.stringMatching(/^CON-/) as string,
      });
    });

    it.each<[string, () => string]>([
      ['Basic', () => ''],
      ['no JWT', () => 'x.y.z'],
      ['an expired token', () => token(claims({ exp: NOW / 1000 - 1 }))],
      [
        'an old token that does not say when it ends',
        () => token({ application_id: APP, iat: NOW / 1000 - 901, jti: 'x' }),
      ],
      ['no jti', () => token({ application_id: APP, iat: NOW / 1000 })],
      ['another application', () => token(claims({ application_id: '78d335fa-323d-0114-9c3d-d6f0d48968cf' }))],
      ['none for an algorithm', () => sign(claims(), null, { algorithm: 'none' })],
      ['the public key for a secret', () => hs256(claims(), keys.publicKey)],
    ])('is refused with %s', async (_what, make) => {
      const jwt = make();
      const answer = await (jwt === '' ? askJson('POST', '/v1/calls', CALL) : place(CALL, jwt));
      expect(answer).toMatchObject({ status: 401, body: { type: 'UNAUTHORIZED', error_title: 'Unauthorized' } });
    });

    it.each([
      ['to', { ...CALL, to: [{ type: 'phone', number: '+447700900001' }] }],
      ['to', { ...CALL, to: CALL.to[0] }],
      ['to', { ...CALL, to: [] }],
      ['from', { ...CALL, from: '34910601234' }],
      ['from', { ...CALL, from: undefined }],
      ['answer_url', { ...CALL, answer_url: 'http://127.0.0.1:9/answer' }],
      ['answer_url', { ...CALL, ncco: [] }],
      ['answer_url', { ...CALL, answer_url: undefined }],
      ['answer_method', { ...CALL, answer_method: 'PUT' }],
      ['event_url', { ...CALL, event_url: EVENT_URL }],
      ['ringing_timer', { ...CALL, ringing_timer: 121 }],
      ['ringing_timer', { ...CALL, ringing_timer: 0 }],
      ['length_timer', { ...CALL, length_timer: '60' }],
    ])('is refused for a wrong %s', async (name, call) => {
      expect(await place(call)).toMatchObject({
        status: 400,
        body: { type: 'VALIDATION', invalid_parameters: [{ name, reason: 'Invalid type parameter provided' }] },
      });
    });

    it('cannot be told what it does not know', async () => {
      const endpoint = { type: 'sip', uri: 'sip:agent@example.com' };
      const { body } = await place({
        ...CALL,
        answer_url: undefined,
        ncco: [{ action: 'connect', endpoint: [endpoint] }],
      });
      const path = `/v1/calls/${(body as { uuid: string }).uuid}`;
      const update = (action: string) => askJson('PUT', path, { action }, bearer(token()));
      expect((await update('mute')).status).toBe(204);
      expect((await update('explode')).status).toBe(400);
      expect((await askJson('PUT', '/v1/calls/x', { action: 'hangup' }, bearer(token()))).status).toBe(404);
    });
  });

  describe('the seed', () => {
    it('is what the state is saved as', async () => {
      await askJson('POST', '/v2/applications', { name: 'made', keys: { public_key: keys.publicKey } });
      const saved = simulator.vonage.snapshot();
      const parsed = simulator.vonage.parseSeed(JSON.parse(JSON.stringify(saved)));
      const other = await startSimulator({ seed: { vonage: parsed } });
      expect(other.vonage.overview()).toEqual(simulator.vonage.overview());
      await other.close();
    });

    it('changes nothing that is there already', async () => {
      const before = simulator.vonage.overview();
      await simulator.seed({ vonage: DEMO_VONAGE_SEED });
      expect(simulator.vonage.overview()).toEqual(before);
    });

    it('gives a number to one account only, and nobody anything then', async () => {
      const other = { api_key: 'ffffffff', api_secret: 'x', signature_secret: 'x', numbers: ['+447700900123'] };
      await expect(simulator.seed({ vonage: { accounts: [other] } })).rejects.toThrow('belongs to abcd1234 already');
      expect(simulator.vonage.account('ffffffff')).toBeUndefined();
    });

    it.each([
      [{ accounts: [{ ...DEMO_VONAGE, numbers: ['447700900123'] }] }, 'E.164'],
      [{ accounts: [{ ...DEMO_VONAGE, applications: [{ id: 'x', name: 'y' }] }] }, 'UUID'],
      [{ accounts: [{ ...DEMO_VONAGE, applications: [{ id: APP, name: 'y', public_key: 'z' }] }] }, 'RSA key'],
      [{ accounts: [{ ...DEMO_VONAGE, numbers: [{ number: '+447700900123', type: 'pager' }] }] }, 'one of landline'],
      [{ accounts: [{ ...DEMO_VONAGE, secret: 'x' }] }, 'no member "secret"'],
    ])('is refused where it is wrong', (seed, message) => {
      expect(() => simulator.vonage.parseSeed(seed)).toThrow(message);
    });
  });
});

/** By hand, as no library signs with a public key. */
function hs256(payload: object, secret: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
