import { randomBytes } from 'node:crypto';
import { PROVIDER_NAMES } from '../../src/common/provider-name';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider, SIMULATOR_CREDENTIALS } from '../factories/provider.factory';
import { dumpDatabase } from '../support/database-dump';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { PATIENT } from '../support/patient';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { callTarget } from '../support/twilio-side';

/** In the order of the contract. */
const CONTRACT = ['san', 'ozonetell', 'twilio', 'exotel', 'telnyx', 'vonage', 'plivo', 'bandwidth'];
const PROVIDERS: readonly string[] = PROVIDER_NAMES;
const CAPABILITIES = ['call', 'hangup', 'list', 'lookup', 'route', 'signed'];
/** Credentials that are no secrets and name no account. */
const SETTINGS = ['base_url', 'app_id', 'country', 'region', 'site_id', 'sip_peer_id', 'sip_extension'];
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const { twilio: TWILIO, san: SAN } = SIMULATOR_CREDENTIALS;
const API_KEY = { sid: `SK${'89abcdef01234567'.repeat(2)}`, secret: 'a-secret-of-an-api-key-1234' };
const NUMBER = '+12025551234';

interface Provider extends Record<string, unknown> {
  readonly provider: string;
  readonly capabilities: Record<string, boolean>;
  readonly credential_fields: { name: string; description: string; required: boolean; secret: boolean }[];
}

describe('Providers', () => {
  let app: TestApp;
  let api: ApiClient;
  let accounts = 0;

  const newAccount = async (): Promise<ApiClient> => {
    const { token } = await app.createToken({ account: `account ${++accounts}` });
    return app.api(token);
  };
  const put = (provider: string, credentials: unknown, client = api) =>
    client.put(`/api/provider/${provider}`).send({ credentials });
  const read = async (provider: string, client = api) =>
    expectSuccess(await client.get(`/api/provider/${provider}`), 200) as unknown as Provider;
  const attach = async (agent_id: string, numbers: readonly string[], provider = 'twilio') =>
    expectSuccess(await api.post('/api/agent/attach-phone-number').send({ agent_id, provider, numbers }), 200);

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
    await app.simulator.seed({
      twilio: { accounts: [{ sid: TWILIO.account_sid, auth_token: TWILIO.auth_token, api_keys: [API_KEY] }] },
    });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    api = await newAccount();
  });
  afterEach(() => {
    app.simulator.control.twilio.mode.clear();
    app.simulator.control.san.mode.clear();
  });

  describe('GET /api/provider', () => {
    const list = async () => {
      const page = expectSuccess(await api.get('/api/provider'), 200) as unknown as { items: Provider[] };
      expect(page).toEqual({ items: expect.any(Array) as unknown, next_cursor: null });
      return page.items;
    };

    it('begins with the eight of the contract', async () => {
      expect((await list()).slice(0, CONTRACT.length).map(({ provider }) => provider)).toEqual(CONTRACT);
    });

    it('lists them all, each with its capabilities and credential fields', async () => {
      const items = await list();
      expect(items.map(({ provider }) => provider)).toEqual(PROVIDERS);
      for (const { capabilities, credential_fields, configured } of items) {
        expect(Object.keys(capabilities).sort()).toEqual(CAPABILITIES);
        expect(Object.values(capabilities).every((value) => typeof value === 'boolean')).toBe(true);
        expect(Array.isArray(credential_fields)).toBe(true);
        expect(configured).toBe(false);
      }
    });

    it.each([
      ['twilio', ['account_sid', 'auth_token'], ['api_key_sid', 'api_key_secret', 'country']],
      ['telnyx', ['api_key', 'public_key'], ['country']],
      ['vonage', ['api_key', 'api_secret', 'signature_secret'], ['country']],
      ['plivo', ['auth_id', 'auth_token'], ['country']],
      [
        'bandwidth',
        ['account_id'],
        ['client_id', 'client_secret', 'username', 'password', 'site_id', 'sip_peer_id', 'country'],
      ],
      ['exotel', ['account_sid', 'api_key', 'api_token', 'region'], ['app_id', 'country']],
      ['ozonetell', ['api_key'], ['sip_extension', 'user_name', 'country']],
      ['san', [], ['base_url', 'access_token', 'access_key', 'app_id', 'username', 'password', 'country']],
    ])('names the credentials of %s', async (provider, required, optional) => {
      const fields = (await list()).find((item) => item.provider === provider)?.credential_fields ?? [];
      const names = (isRequired: boolean) =>
        fields.filter((field) => field.required === isRequired).map(({ name }) => name);
      expect(names(true).sort()).toEqual([...required].sort());
      expect(names(false).sort()).toEqual([...optional].sort());
      for (const { name, secret, description } of fields) {
        expect([name, secret]).toEqual([name, !SETTINGS.includes(name)]);
        expect(description).toMatch(/\S/);
      }
    });

    it('says that Twilio has an API for numbers and routes, and that San has none', async () => {
      const items = await list();
      const of = (name: string) => items.find(({ provider }) => provider === name)?.capabilities;
      expect(of('twilio')).toMatchObject({ list: true, lookup: true, route: true });
      expect(of('san')).toMatchObject({ list: false, lookup: false, route: false });
    });

    it('says which are configured, for this account alone', async () => {
      await configureProvider(api, 'san');
      const configured = (await list()).filter((item) => item.configured).map(({ provider }) => provider);
      expect(configured).toEqual(['san']);
      api = await newAccount();
      expect((await list()).some((item) => item.configured)).toBe(false);
    });

    it('answers 422 to query parameters', async () => {
      const response = await api.get('/api/provider?limit=5');
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'limit' }]);
    });
  });

  describe('GET /api/provider/{provider}', () => {
    it('shows one that is not configured, with what it takes', async () => {
      for (const provider of PROVIDERS) {
        expect(await read(provider)).toMatchObject({
          provider,
          configured: false,
          credentials: null,
          verified: null,
          inbound_url: null,
        });
      }
    });

    it('shows stored credentials masked to their last four characters', async () => {
      await put('twilio', { ...TWILIO, api_key_sid: API_KEY.sid, api_key_secret: API_KEY.secret, country: 'US' });
      expect((await read('twilio')).credentials).toEqual({
        account_sid: `****${TWILIO.account_sid.slice(-4)}`,
        auth_token: '****3210',
        api_key_sid: `****${API_KEY.sid.slice(-4)}`,
        api_key_secret: '****1234',
        country: 'US',
      });
      await configureProvider(api, 'san');
      expect((await read('san')).credentials).toEqual({
        base_url: SAN.base_url,
        access_token: '****oken',
        access_key: '****-key',
        app_id: '2',
      });
    });

    it.each(['acme', 'Twilio', 'twilio%20', '%00', '__proto__', 'constructor'])('answers 404 to %s', async (name) => {
      for (const response of [
        await api.get(`/api/provider/${name}`),
        await put(name, TWILIO),
        await api.delete(`/api/provider/${name}`),
      ]) {
        expectError(response, 404, 'PROVIDER_NOT_FOUND', 'Provider not found');
      }
    });
  });

  describe('PUT /api/provider/{provider}', () => {
    it('proves the credentials with a live call and answers as GET does', async () => {
      app.simulator.control.twilio.requests.clear();
      const stored = await configureProvider(api, 'twilio');
      expect(app.simulator.control.twilio.requests.read()).toMatchObject({ by_status: { 200: 1 } });
      expect(app.simulator.control.twilio.requests.read().by_method).toEqual({ GET: 1 });
      expect(stored).toMatchObject({
        provider: 'twilio',
        configured: true,
        verified: true,
        credentials: { account_sid: `****${TWILIO.account_sid.slice(-4)}`, auth_token: '****3210' },
        inbound_url: expect.stringMatching(/^http:\/\/localhost\/inbound\/twilio\/[A-Za-z0-9_-]{43}$/) as string,
        created_at: expect.stringMatching(ISO_TIME) as string,
      });
      expect(await read('twilio')).toEqual(stored);
    });

    it('proves an API key as well as the auth token', async () => {
      const key = { api_key_sid: API_KEY.sid, api_key_secret: API_KEY.secret };
      expectSuccess(await put('twilio', { ...TWILIO, ...key }), 200);
      expectError(await put('twilio', { ...TWILIO, ...key, api_key_secret: 'wrong' }), 422, 'CREDENTIALS_REJECTED');
      const otherToken = { ...TWILIO, auth_token: '0'.repeat(32) };
      expectError(await put('twilio', { ...otherToken, ...key }), 422, 'CREDENTIALS_REJECTED');
    });

    it('says that San is proven with all it takes to ask, and not without', async () => {
      expect(await configureProvider(api, 'san')).toMatchObject({ verified: true });
      const nothing = expectSuccess(await put('san', {}), 200);
      expect(nothing).toMatchObject({ configured: true, verified: false, credentials: {} });
      expect(nothing.inbound_url).toMatch(/^ws:\/\/localhost\/inbound\/san\/[A-Za-z0-9_-]{43}$/);
    });

    it.each([
      ['twilio', { ...TWILIO, auth_token: '0'.repeat(32) }],
      ['twilio', { ...TWILIO, account_sid: `AC${'0'.repeat(32)}` }],
      ['san', { ...SAN, access_key: 'wrong' }],
    ])('stores nothing when %s rejects them', async (provider, credentials) => {
      const response = await put(provider, credentials);
      expectError(response, 422, 'CREDENTIALS_REJECTED', 'The provider rejected the credentials');
      expect(await read(provider)).toMatchObject({ configured: false, credentials: null });
    });

    it('keeps former credentials when the provider rejects new ones', async () => {
      const stored = await configureProvider(api, 'twilio');
      expectError(await put('twilio', { ...TWILIO, auth_token: '0'.repeat(32) }), 422, 'CREDENTIALS_REJECTED');
      expect(await read('twilio')).toEqual(stored);
    });

    it.each([{ fail_status: 500 }, { fail_status: 503 }, { fail_status: 429, retry_after_s: 7 }])(
      'stores nothing when the provider is out of order: %j',
      async (mode) => {
        app.simulator.control.twilio.mode.set(mode);
        const response = await put('twilio', TWILIO);
        expect([502, 503, 504]).toContain(response.status);
        const message = 'The provider could not be reached; nothing was changed';
        expectError(response, response.status, 'PROVIDER_UNAVAILABLE', message);
        app.simulator.control.twilio.mode.clear();
        expect(await read('twilio')).toMatchObject({ configured: false });
      },
    );

    it('names a member that is none, and repeats no value of any', async () => {
      const canary = 'canary-in-a-credential';
      for (const [credentials, field] of [
        [{ ...TWILIO, surprise: canary }, 'credentials.surprise'],
        [{ ...TWILIO, auth_token: `${canary} ${canary}` }, 'credentials.auth_token'],
        [{ ...TWILIO, auth_token: `${canary}\r\nX-Injected: 1` }, 'credentials.auth_token'],
        [{ ...TWILIO, auth_token: [canary] }, 'credentials.auth_token'],
        [{ ...TWILIO, auth_token: { secret: canary } }, 'credentials.auth_token'],
        [{ ...TWILIO, account_sid: canary }, 'credentials.account_sid'],
        [{ account_sid: TWILIO.account_sid, api_key_secret: canary }, 'credentials.auth_token'],
        [canary, 'credentials'],
        [[canary], 'credentials'],
      ] as const) {
        const response = await put('twilio', credentials);
        const details = expectError(response, 422, 'VALIDATION_FAILED');
        expect(details.map((detail) => detail.field)).toContain(field);
        expect(response.text).not.toContain(canary);
      }
      expect(await read('twilio')).toMatchObject({ configured: false });
    });

    it('names every fault of the credentials at once', async () => {
      const response = await put('twilio', { account_sid: 'SK1', api_key_sid: API_KEY.sid, other: 1, country: 'USA' });
      const fields = expectError(response, 422, 'VALIDATION_FAILED').map(({ field }) => field);
      expect(fields.sort()).toEqual([
        'credentials.account_sid',
        'credentials.api_key_secret',
        'credentials.auth_token',
        'credentials.country',
        'credentials.other',
      ]);
    });

    it.each([{}, { credentials: null }])('answers 400 to %j', async (body) => {
      const response = await api.put('/api/provider/twilio').send(body);
      expectError(response, 400, 'CREDENTIALS_REQUIRED', 'Credentials are required');
    });

    it('answers 422 to members beside the credentials', async () => {
      const response = await api.put('/api/provider/twilio').send({ credentials: TWILIO, verified: true });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'verified' }]);
    });

    it('keeps the inbound URL, and replaces the credentials as a whole', async () => {
      const first = await configureProvider(api, 'twilio', { country: 'US' });
      const second = await configureProvider(api, 'twilio');
      expect(second).toMatchObject({ inbound_url: first.inbound_url, created_at: first.created_at });
      expect(second.credentials).not.toHaveProperty('country');
      expect(Date.parse(second.updated_at as string)).toBeGreaterThan(Date.parse(first.updated_at as string));
    });

    it('gives every account and every provider an inbound URL of its own', async () => {
      const urls = new Set<unknown>();
      for (const client of [api, await newAccount()]) {
        urls.add(((await configureProvider(client, 'twilio')).inbound_url as string).split('/').at(-1));
        urls.add(((await configureProvider(client, 'san')).inbound_url as string).split('/').at(-1));
      }
      expect(urls.size).toBe(4);
    });

    it('stores one of several that come at the same moment, whole', async () => {
      const responses = await Promise.all(Array.from({ length: 6 }, () => put('twilio', TWILIO)));
      const urls = responses.map((response) => expectSuccess(response, 200).inbound_url);
      expect(new Set(urls).size).toBe(1);
      expect((await read('twilio')).inbound_url).toBe(urls[0]);
    });

    it('makes numbers active again that the provider had refused with the former credentials', async () => {
      await configureProvider(api, 'twilio');
      await createPhoneNumber(api, NUMBER, 'twilio');
      const { agent_id } = await createAgent(api);
      app.simulator.control.twilio.mode.set({ fail_status: 401 });
      expect(await attach(agent_id, [NUMBER])).toMatchObject({
        status: 'inactive',
        numbers: [{ phone_number: NUMBER, status: 'inactive', reason: 'credentials_rejected' }],
      });
      expectError(await put('twilio', TWILIO), 422, 'CREDENTIALS_REJECTED');
      app.simulator.control.twilio.mode.clear();

      const { inbound_url } = await configureProvider(api, 'twilio');
      const number = await eventually(
        async () => expectSuccess(await api.get(`/api/phone-number/${NUMBER}`), 200),
        ({ status }) => status === 'active',
      );
      expect(number).toMatchObject({ agent_id, reason: null });
      expect(callTarget(app.simulator, NUMBER)).toMatchObject({ kind: 'url', voice_url: inbound_url });
      expectSuccess(await api.delete(`/api/agent/${agent_id}?detach=true`), 200);
    });
  });

  describe('DELETE /api/provider/{provider}', () => {
    it('answers 409 while numbers are attached, 200 afterwards and then 404', async () => {
      await configureProvider(api, 'twilio');
      const { agent_id } = await createAgent(api);
      await attach(agent_id, [NUMBER]);
      const message = 'Provider has phone numbers attached to agents';
      expectError(await api.delete('/api/provider/twilio'), 409, 'PROVIDER_IN_USE', message);
      expect(await read('twilio')).toMatchObject({ configured: true });

      const detachment = { agent_id, numbers: [NUMBER] };
      expectSuccess(await api.post('/api/agent/detach-phone-number').send(detachment), 200);
      expect(expectSuccess(await api.delete('/api/provider/twilio'), 200)).toEqual({
        provider: 'twilio',
        deleted: true,
      });
      expect(await read('twilio')).toMatchObject({ configured: false, credentials: null, inbound_url: null });
      expectError(await api.delete('/api/provider/twilio'), 404, 'PROVIDER_NOT_FOUND');
      const body = { agent_id, provider: 'twilio', numbers: [NUMBER] };
      expectError(await api.post('/api/agent/attach-phone-number').send(body), 400, 'PROVIDER_NOT_CONFIGURED');
    });

    it("leaves another account's alone", async () => {
      await configureProvider(api, 'twilio');
      const stranger = await newAccount();
      expectError(await stranger.delete('/api/provider/twilio'), 404, 'PROVIDER_NOT_FOUND');
      expect(await read('twilio')).toMatchObject({ configured: true });
    });
  });

  describe('scopes', () => {
    it.each([
      ['get', '/api/provider', 'providers:write', 'providers:read'],
      ['get', '/api/provider/twilio', 'providers:write', 'providers:read'],
      ['put', '/api/provider/twilio', 'providers:read', 'providers:write'],
      ['delete', '/api/provider/twilio', 'providers:read', 'providers:write'],
    ] as const)('%s %s with %s alone is 403: it takes %s', async (method, url, held, needed) => {
      const { token } = await app.createToken({ scopes: [held] });
      expectError(await app.api(token)[method](url), 403, 'FORBIDDEN', `Token lacks the scope ${needed}`);
    });
  });

  describe('credentials', () => {
    it('are in no answer and, in clear, in no column of any table', async () => {
      const hex = (bytes: number) => randomBytes(bytes).toString('hex');
      const twilio = { account_sid: `AC${hex(16)}`, auth_token: hex(16) };
      const key = { sid: `SK${hex(16)}`, secret: hex(16) };
      const san = { access_token: hex(16), access_key: hex(16), basic: { username: 'pbx', password: hex(16) } };
      const secrets = [
        twilio.account_sid,
        twilio.auth_token,
        key.sid,
        key.secret,
        san.access_token,
        san.access_key,
        san.basic.password,
      ];
      await app.simulator.seed({
        twilio: {
          accounts: [
            { sid: twilio.account_sid, auth_token: twilio.auth_token, api_keys: [key], numbers: ['+33123456789'] },
          ],
        },
        san: { tenants: [{ ...san, app_id: 3, numbers: [] }] },
      });

      const { token } = await app.createToken({ account: 'canary' });
      const client = app.api(token);
      const { agent_id } = await createAgent(client);
      const numbers = ['+33123456789'];
      const withKey = { ...twilio, api_key_sid: key.sid, api_key_secret: key.secret };
      const { basic, ...sanTokens } = san;
      const withBasic = { base_url: SAN.base_url, ...sanTokens, ...basic };
      const answers = [
        await put('twilio', withKey, client),
        await put('san', withBasic, client),
        await client.get('/api/provider'),
        await client.get('/api/provider/twilio'),
        await client.get('/api/provider/san'),
        await client.post('/api/agent/attach-phone-number').send({ agent_id, provider: 'twilio', numbers }),
        await client.get('/api/phone-number/+33123456789/route'),
      ];
      for (const response of answers) expectSuccess(response, 200);
      app.simulator.control.twilio.mode.set({ fail_status: 401 });
      answers.push(await put('twilio', withKey, client));
      app.simulator.control.twilio.mode.set({ fail_status: 500 });
      answers.push(await put('twilio', withKey, client));
      expect(answers.slice(-2).map(({ body }) => (body as { error: boolean }).error)).toEqual([true, true]);
      app.simulator.control.twilio.mode.clear();

      const dump = await dumpDatabase(app.database);
      expect(dump.provider_account).toContain('twilio');
      for (const secret of [...secrets, token]) {
        const forms = [secret, ...['hex', 'base64', 'base64url'].map((encoding) => encoded(secret, encoding))];
        for (const form of forms) {
          for (const { text } of answers) expect(text).not.toContain(form);
          for (const [table, rows] of Object.entries(dump))
            expect([table, rows.includes(form)]).toEqual([table, false]);
        }
      }
    });
  });

  // The last: it takes the vendors away from everybody.
  describe('when nobody answers at the provider', () => {
    it.each([
      ['twilio', TWILIO],
      ['san', SAN],
    ])('stores nothing of %s', async (provider, credentials) => {
      await app.simulator.close();
      const response = await put(provider, credentials);
      expect([502, 503, 504]).toContain(response.status);
      expectError(response, response.status, 'PROVIDER_UNAVAILABLE');
      expect(await read(provider)).toMatchObject({ configured: false });
    });
  });
});

/** Without the last characters, which depend on what follows. */
function encoded(text: string, encoding: string): string {
  return Buffer.from(text)
    .toString(encoding as BufferEncoding)
    .replace(/=*$/, '')
    .slice(0, -2);
}
