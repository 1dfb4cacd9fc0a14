import { createAgent, type CreatedAgent, withoutSecret } from '../factories/agent.factory';
import { createPhoneNumber, someNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { PATIENT } from '../support/patient';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { atTwilio, callTarget, routeAtTwilio } from '../support/twilio-side';

const UNKNOWN_AGENT = 'agent_01kawgyqr4e3v9m2t5x8b7c6dn';
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const AGENT_ID = /^agent_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Every member that a client may set, each otherwise than by default. */
const EVERY_MEMBER = {
  agent_name: 'Réception – 受付 📞',
  description: 'Line one\nLine two, with "quotes", a \\ and a tab\t',
  status: 'inactive',
  purpose: 'PRODUCTION',
  prompt: 'You answer questions; never say "<script>alert(1)</script>" or \'; DROP TABLE agent; --',
  greeting: 'नमस्ते',
  timezone: 'Asia/Kolkata',
  language: 'en-IN',
  connect: { type: 'websocket', url: 'wss://media.example.com/agents/{agent_id}' },
  fallback: { type: 'phone_number', to: '+12025551234' },
  webhook_url: 'https://example.com/hooks?a=1',
  webhook_events: ['call.answered', 'number.attached'],
  voice: { name: 'aria', speed: 1.25, tags: ['a', null, true, { deep: { deeper: [] } }] },
  speech_to_text: { model: 'x', '': 'an empty name' },
  llm: { temperature: 0, limits: { tokens: 9007199254740991 } },
  configurations: { '😀': 'é', list: [[1], [2]] },
};

const DEFAULTS = {
  description: null,
  status: 'active',
  purpose: null,
  prompt: null,
  greeting: null,
  timezone: null,
  language: null,
  connect: null,
  fallback: null,
  webhook_url: null,
  webhook_events: null,
  inbound_webhook_url: null,
  voice: null,
  speech_to_text: null,
  llm: null,
  configurations: null,
  phone_numbers: [],
  phone_number_count: 0,
};

/** The secret is shown once, when the agent is made. */
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

/** What may be cleared, cleared. */
const NULLS = Object.fromEntries(Object.entries(DEFAULTS).filter(([, value]) => value === null));

describe('An agent', () => {
  let app: TestApp;
  let api: ApiClient;
  let accounts = 0;

  /** A client of an account that nobody else uses. */
  const newAccount = async (): Promise<ApiClient> => {
    const { token } = await app.createToken({ account: `account ${++accounts}` });
    return app.api(token);
  };
  const read = async (agentId: string): Promise<Record<string, unknown>> =>
    expectSuccess(await api.get(`/api/agent/${agentId}`), 200);
  const numberOf = async (phoneNumber: string): Promise<Record<string, unknown>> =>
    expectSuccess(await api.get(`/api/phone-number/${phoneNumber}`), 200);
  const attach = async (agentId: string, provider: string, numbers: readonly string[]) =>
    expectSuccess(await api.post('/api/agent/attach-phone-number').send({ agent_id: agentId, provider, numbers }), 200);

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    api = await newAccount();
  });

  describe('POST /api/agent', () => {
    it('answers 201 with every member that was given, and GET shows the same', async () => {
      const response = await api.post('/api/agent').send(EVERY_MEMBER);
      const created = expectSuccess(response, 201);
      expect(created).toEqual({
        ...DEFAULTS,
        ...EVERY_MEMBER,
        agent_id: expect.stringMatching(AGENT_ID) as string,
        created_at: expect.stringMatching(ISO_TIME) as string,
        updated_at: created.created_at,
        webhook_secret: expect.stringMatching(SECRET) as string,
      });
      expect(await read(created.agent_id as string)).toEqual(withoutSecret(created));
    });

    it('needs no more than a name', async () => {
      const created = await createAgent(api, { agent_name: 'A' });
      expect(created).toEqual({
        ...DEFAULTS,
        agent_name: 'A',
        agent_id: expect.stringMatching(AGENT_ID) as string,
        created_at: expect.stringMatching(ISO_TIME) as string,
        updated_at: expect.stringMatching(ISO_TIME) as string,
        webhook_secret: expect.stringMatching(SECRET) as string,
      });
    });

    it('takes null for what may be cleared', async () => {
      expect(await createAgent(api, NULLS)).toMatchObject(DEFAULTS);
    });

    it.each([
      { connect: { type: 'sip', url: 'sip:agent@example.com:5060;transport=tls' } },
      { fallback: { type: 'sip', to: 'sip:desk@example.com' } },
      { fallback: { type: 'message', text: 'We are closed. Bye – до свидания' } },
      { agent_name: 'n'.repeat(255) },
      { agent_name: '語'.repeat(255) },
      { timezone: 'UTC' },
      { language: 'zh-Hant-TW' },
    ])('takes %j', async (members) => {
      expect(await createAgent(api, members)).toMatchObject(members);
    });

    it.each([{}, { agent_name: null }, { agent_name: '' }, { agent_name: ' \t\n' }])(
      'answers 400 to %j: the name is required',
      async (body) => {
        const response = await api.post('/api/agent').send(body);
        const details = expectError(response, 400, 'AGENT_NAME_REQUIRED', 'Agent name is required');
        expect(details).toMatchObject([{ field: 'agent_name' }]);
      },
    );

    it.each([
      ['agent_name', 'n'.repeat(256)],
      ['agent_name', 42],
      ['agent_name', 'a\0b'],
      ['agent_name', 'lone \ud800 surrogate'],
      ['status', 'sleeping'],
      ['status', null],
      ['purpose', 'test'],
      ['timezone', 'Mars/Olympus'],
      ['timezone', '+05:30'],
      ['language', 'not a language'],
      ['connect', 'wss://media.example.com'],
      ['connect', []],
      ['connect', { type: 'carrier-pigeon', url: 'wss://media.example.com' }, 'connect.type'],
      ['connect', { type: 'websocket' }, 'connect.url'],
      ['connect', { type: 'websocket', url: 'sip:a@example.com' }, 'connect.url'],
      ['connect', { type: 'sip', url: 'wss://media.example.com' }, 'connect.url'],
      ['connect', { type: 'sip', url: 'sip:a@example.com', note: 1 }, 'connect.note'],
      ['fallback', { type: 'phone_number' }, 'fallback.to'],
      ['fallback', { type: 'message', to: '+12025551234', text: 'Bye' }, 'fallback.to'],
      ['fallback', { type: 'message' }, 'fallback.text'],
      ['fallback', { type: 'sip', to: '+12025551234' }, 'fallback.to'],
      ['webhook_url', 'ftp://example.com'],
      ['webhook_url', 'example.com'],
      ['webhook_url', `https://example.com/${'x'.repeat(2_048)}`],
      ['webhook_events', 'call.ended'],
      ['webhook_events', ['call.ended', 'call.exploded'], 'webhook_events[1]'],
      ['voice', 'aria'],
      ['voice', ['aria']],
      ['llm', { model: 'a\0b' }, 'llm.model'],
      ['phone_numbers', ['+918062810341']],
      ['agent_id', UNKNOWN_AGENT],
      ['nickname', 'Bob'],
    ])('answers 422 to %s = %j', async (member, value, field = member) => {
      const response = await api.post('/api/agent').send({ agent_name: 'A', [member]: value });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field }]);
      expect(expectSuccess(await api.get('/api/agent'), 200).items).toEqual([]);
    });

    it('answers 400 to a fallback number that is not E.164', async () => {
      const fallback = { type: 'phone_number', to: '918062810341' };
      const response = await api.post('/api/agent').send({ agent_name: 'A', fallback });
      expect(expectError(response, 400, 'INVALID_PHONE_NUMBER_FORMAT')).toMatchObject([{ field: 'fallback.to' }]);
    });

    it('names every fault at once, and the first in words', async () => {
      const response = await api
        .post('/api/agent')
        .send({ agent_name: 'A', status: 'x', purpose: 'y', connect: { type: 'z' }, nickname: 1 });
      const details = expectError(response, 422, 'VALIDATION_FAILED');
      expect(details.map(({ field }) => field).sort()).toEqual([
        'connect.type',
        'connect.url',
        'nickname',
        'purpose',
        'status',
      ]);
      expect((response.body as { message: string }).message).toBe(details[0]?.message);
    });

    it('names also those that take two members to see', async () => {
      const connect = { type: 'websocket', url: 'sip:a@example.com' };
      const fallback = { type: 'message', to: '+12025551234' };
      const response = await api.post('/api/agent').send({ agent_name: 'A', status: 'x', connect, fallback });
      const fields = expectError(response, 422, 'VALIDATION_FAILED').map(({ field }) => field);
      expect(fields.sort()).toEqual(['connect.url', 'fallback.text', 'fallback.to', 'status']);
    });

    it('keeps 64 KiB of settings together, and not a byte more', async () => {
      // {"a":"…"} is eight bytes and the text; the other three members share the limit.
      const settings = (bytes: number) => ({ a: 'x'.repeat(bytes - 8) });
      const quarters = (last: number) => ({
        voice: settings(16_384),
        speech_to_text: settings(16_384),
        llm: settings(16_384),
        configurations: settings(last),
      });
      expect(await createAgent(api, quarters(16_384))).toMatchObject(quarters(16_384));
      const response = await api.post('/api/agent').send({ agent_name: 'A', ...quarters(16_385) });
      const details = expectError(response, 422, 'VALIDATION_FAILED');
      expect(details.map(({ field }) => field)).toEqual(['voice', 'speech_to_text', 'llm', 'configurations']);
    });

    it('keeps every text up to the limit that the document states, in characters of three bytes', async () => {
      const { body } = (await app.api().get('/openapi.json')) as {
        body: { components: { schemas: Record<string, { properties: Record<string, Record<string, unknown>> }> } };
      };
      const limits = Object.entries(body.components.schemas.CreateAgentDto?.properties ?? {})
        .filter(([, { maxLength, format }]) => typeof maxLength === 'number' && format === undefined)
        .map(([member, { maxLength }]) => [member, maxLength as number] as const);
      expect(limits.map(([member]) => member).sort()).toEqual(['agent_name', 'description', 'greeting', 'prompt']);
      const longest = Object.fromEntries(limits.map(([member, max]) => [member, '語'.repeat(max)]));
      const created = await createAgent(api, longest);
      expect(await read(created.agent_id)).toMatchObject(longest);
      for (const [member, max] of limits) {
        const response = await api.post('/api/agent').send({ agent_name: 'A', [member]: 'x'.repeat(max + 1) });
        expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: member }]);
      }
    });
  });

  describe('GET /api/agent/{agent_id}', () => {
    it.each([
      UNKNOWN_AGENT,
      UNKNOWN_AGENT.toUpperCase(),
      'agent_',
      'x',
      '%00',
      '%27%20OR%201=1',
      'agent_01kawgyqr4e3v9m2t5x8b7c6dn%20',
    ])('answers 404 to %s', async (agentId) => {
      expectError(await api.get(`/api/agent/${agentId}`), 404, 'AGENT_NOT_FOUND', 'Agent not found');
    });

    it('does not find an agent by its id in capitals', async () => {
      const { agent_id } = await createAgent(api);
      expectError(await api.get(`/api/agent/${agent_id.toUpperCase()}`), 404, 'AGENT_NOT_FOUND');
    });

    it('lists the first 100 of its numbers and counts them all', async () => {
      await configureProvider(api, 'san');
      const { agent_id } = await createAgent(api);
      const numbers = someNumbers(103);
      await attach(agent_id, 'san', [...numbers].reverse());
      const agent = await read(agent_id);
      expect(agent.phone_number_count).toBe(103);
      expect(agent.phone_numbers).toEqual(numbers.slice(0, 100));
    });
  });

  describe('PATCH /api/agent/{agent_id}', () => {
    let agent: CreatedAgent;
    const patch = (body: object, agentId = agent.agent_id) => api.patch(`/api/agent/${agentId}`).send(body);

    beforeEach(async () => {
      agent = await createAgent(api, EVERY_MEMBER);
    });

    it('changes what it names and nothing else', async () => {
      const changed = expectSuccess(await patch({ agent_name: 'Night desk', llm: { model: 'y' } }), 200);
      expect(changed).toEqual({
        ...withoutSecret(agent),
        agent_name: 'Night desk',
        llm: { model: 'y' },
        updated_at: expect.stringMatching(ISO_TIME) as string,
      });
      expect(Date.parse(changed.updated_at as string)).toBeGreaterThanOrEqual(Date.parse(agent.updated_at as string));
      expect(await read(agent.agent_id)).toEqual(changed);
    });

    it('clears with null', async () => {
      const cleared = expectSuccess(await patch(NULLS), 200);
      expect(cleared).toMatchObject({ ...NULLS, agent_name: EVERY_MEMBER.agent_name, status: 'inactive' });
      expect(await read(agent.agent_id)).toEqual(cleared);
    });

    it('changes nothing when nothing is named', async () => {
      expect(expectSuccess(await patch({}), 200)).toEqual(withoutSecret(agent));
    });

    it.each([
      { nickname: 'Bob' },
      { agent_id: UNKNOWN_AGENT },
      { created_at: '2026-11-24T08:00:00.000Z' },
      { phone_number_count: 3 },
    ])('answers 422 to %j, an unknown member', async (members) => {
      const [field] = Object.keys(members);
      const response = await patch({ agent_name: 'New', ...members });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field }]);
      expect(await read(agent.agent_id)).toEqual(withoutSecret(agent));
    });

    it('does not clear the name or the status', async () => {
      expectError(await patch({ agent_name: ' ' }), 400, 'AGENT_NAME_REQUIRED');
      expectError(await patch({ status: null }), 422, 'VALIDATION_FAILED');
    });

    it('holds the limit of the settings against what is stored already', async () => {
      const { agent_id } = await createAgent(api, { voice: { a: 'x'.repeat(40_000) } });
      const response = await patch({ llm: { a: 'x'.repeat(40_000) } }, agent_id);
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'llm' }]);
      expectSuccess(await patch({ voice: null, llm: { a: 'x'.repeat(40_000) } }, agent_id), 200);
    });

    it('answers 404 to an unknown agent', async () => {
      expectError(await patch({ agent_name: 'A' }, UNKNOWN_AGENT), 404, 'AGENT_NOT_FOUND');
    });

    it('refuses a purpose that its numbers are not for', async () => {
      await configureProvider(api, 'san');
      const [production = '', either = ''] = someNumbers(2);
      await createPhoneNumber(api, production, 'san', { purpose: 'PRODUCTION' });
      await createPhoneNumber(api, either, 'san');
      const { agent_id } = await createAgent(api);
      await attach(agent_id, 'san', [production, either]);

      const details = expectError(
        await patch({ purpose: 'TEST', agent_name: 'New' }, agent_id),
        422,
        'PURPOSE_MISMATCH',
        "Phone number purpose does not match the agent's",
      );
      expect(JSON.stringify(details)).toContain(production);
      expect(JSON.stringify(details)).not.toContain(either);
      expect(await read(agent_id)).toMatchObject({ agent_name: 'Reception', purpose: null });
      expect(expectSuccess(await patch({ purpose: 'PRODUCTION' }, agent_id), 200).purpose).toBe('PRODUCTION');
      expect(expectSuccess(await patch({ purpose: null }, agent_id), 200).purpose).toBeNull();
    });
  });

  describe('PATCH with phone_numbers', () => {
    const WITH_URL = '+12025551234';
    const WITH_TRUNK = '+442012345678';
    const WITH_APPLICATION = '+61212345678';
    const WITH_NOTHING = '+6512345678';
    const OURS = /^http:\/\/localhost\/inbound\/twilio\/[A-Za-z0-9_-]{43}$/;

    let agent: CreatedAgent;
    const patch = (body: object, agentId = agent.agent_id) => api.patch(`/api/agent/${agentId}`).send(body);
    /** Everything that a failed change must have left alone. */
    const snapshot = async () => ({
      agent: await read(agent.agent_id),
      numbers: expectSuccess(await api.get('/api/phone-number'), 200).items,
      twilio: [WITH_URL, WITH_TRUNK, WITH_APPLICATION, WITH_NOTHING].map((number) => atTwilio(app.simulator, number)),
    });

    beforeEach(async () => {
      await configureProvider(api, 'twilio');
      agent = await createAgent(api);
    });
    afterEach(async () => {
      app.simulator.control.twilio.mode.clear();
      const { items } = expectSuccess(await api.get('/api/agent'), 200) as { items: CreatedAgent[] };
      for (const { agent_id } of items) expectSuccess(await api.delete(`/api/agent/${agent_id}?detach=true`), 200);
    });

    it('makes the list the whole set: detaches what is missing, attaches what is new', async () => {
      const former = routeAtTwilio(app.simulator, WITH_URL);
      await attach(agent.agent_id, 'twilio', [WITH_URL, WITH_TRUNK]);
      const kept = await numberOf(WITH_TRUNK);

      const body = { phone_numbers: [WITH_NOTHING, WITH_TRUNK, WITH_NOTHING], provider: 'twilio', greeting: 'Hi' };
      const changed = expectSuccess(await patch(body), 200);
      expect(changed).toMatchObject({
        greeting: 'Hi',
        phone_numbers: [WITH_TRUNK, WITH_NOTHING],
        phone_number_count: 2,
      });
      expect(await read(agent.agent_id)).toEqual(changed);

      expect(await numberOf(WITH_TRUNK)).toEqual(kept);
      expect(await numberOf(WITH_NOTHING)).toMatchObject({ agent_id: agent.agent_id, status: 'active' });
      expect(await numberOf(WITH_URL)).toMatchObject({ agent_id: null, status: 'inactive', attached_at: null });
      expect(callTarget(app.simulator, WITH_NOTHING)).toMatchObject({
        kind: 'url',
        voice_url: expect.stringMatching(OURS) as string,
      });
      expect(routeAtTwilio(app.simulator, WITH_URL)).toEqual(former);
    });

    it('detaches everything with an empty list', async () => {
      await attach(agent.agent_id, 'twilio', [WITH_URL, WITH_APPLICATION]);
      const changed = expectSuccess(await patch({ phone_numbers: [] }), 200);
      expect(changed).toMatchObject({ phone_numbers: [], phone_number_count: 0 });
      expect(callTarget(app.simulator, WITH_APPLICATION)).toMatchObject({ kind: 'application' });
    });

    it('needs a provider for numbers that are new, and for no others', async () => {
      await createPhoneNumber(api, WITH_NOTHING, 'twilio');
      expectSuccess(await patch({ phone_numbers: [WITH_NOTHING] }), 200);
      const response = await patch({ phone_numbers: [WITH_NOTHING, WITH_URL] });
      expectError(response, 400, 'PROVIDER_REQUIRED', 'Provider is required');
      expect(await read(agent.agent_id)).toMatchObject({ phone_numbers: [WITH_NOTHING] });
    });

    it('judges the numbers by the purpose that the same request sets', async () => {
      await createPhoneNumber(api, WITH_URL, 'twilio', { purpose: 'PRODUCTION' });
      await createPhoneNumber(api, WITH_NOTHING, 'twilio', { purpose: 'TEST' });
      await attach(agent.agent_id, 'twilio', [WITH_URL]);
      expectError(await patch({ purpose: 'TEST', phone_numbers: [WITH_URL] }), 422, 'PURPOSE_MISMATCH');
      const changed = expectSuccess(await patch({ purpose: 'TEST', phone_numbers: [WITH_NOTHING] }), 200);
      expect(changed).toMatchObject({ purpose: 'TEST', phone_numbers: [WITH_NOTHING] });
    });

    describe('all or nothing', () => {
      const [FREE = '', MINE = '', OTHERS = '', FOR_TESTS = ''] = someNumbers(4, 200);

      beforeEach(async () => {
        await configureProvider(api, 'san');
        const other = await createAgent(api, { agent_name: 'Other' });
        await createPhoneNumber(api, FOR_TESTS, 'san', { purpose: 'TEST' });
        await attach(other.agent_id, 'san', [OTHERS]);
        await attach(agent.agent_id, 'san', [MINE]);
        await attach(agent.agent_id, 'twilio', [WITH_URL]);
        expectSuccess(await patch({ purpose: 'PRODUCTION' }), 200);
      });

      it.each([
        [400, 'INVALID_PHONE_NUMBER_FORMAT', 'Invalid phone number format. Use E.164 format', '918062810341', 'san'],
        [400, 'PROVIDER_NOT_CONFIGURED', 'Provider not configured for your account', '+918062810341', 'plivo'],
        [409, 'NUMBER_ALREADY_ATTACHED', 'Phone number is already attached to another agent', OTHERS, 'san'],
        [422, 'NUMBER_NOT_AVAILABLE', 'Phone number is not available in your account', '+13105551234', 'twilio'],
        [422, 'NUMBER_NOT_AVAILABLE', 'Phone number is not available in your account', FOR_TESTS, 'twilio'],
        [422, 'PURPOSE_MISMATCH', "Phone number purpose does not match the agent's", FOR_TESTS, 'san'],
        [422, 'VALIDATION_FAILED', undefined, 918062810341, 'san'],
        [422, 'VALIDATION_FAILED', undefined, FREE, 'acme'],
      ] as const)('answers %d %s (%s) and leaves all as it was', async (status, reason, message, culprit, provider) => {
        const before = await snapshot();
        const free = provider === 'twilio' ? WITH_NOTHING : FREE;
        const response = await patch({ agent_name: 'New', phone_numbers: [free, culprit], provider });
        const details = expectError(response, status, reason, message);
        const isNumbers = !['plivo', 'acme'].includes(provider);
        expect(details).toMatchObject([{ field: isNumbers ? 'phone_numbers[1]' : 'provider' }]);
        expect(await snapshot()).toEqual(before);
      });

      it('answers 422 to over 1,000 numbers and to what is not a list', async () => {
        const before = await snapshot();
        const many = Array.from({ length: 1_001 }, (_, index) => `+1202555${String(index).padStart(4, '0')}`);
        for (const phone_numbers of [many, MINE, { 0: MINE }]) {
          const details = expectError(await patch({ phone_numbers, provider: 'san' }), 422, 'VALIDATION_FAILED');
          expect(details).toMatchObject([{ field: 'phone_numbers' }]);
        }
        expect(await snapshot()).toEqual(before);
      });

      it.each([503, 500, 429])('answers 50x when the provider cannot be asked (HTTP %d)', async (failure) => {
        const before = await snapshot();
        app.simulator.control.twilio.mode.set({ fail_status: failure });
        const response = await patch({ agent_name: 'New', phone_numbers: [WITH_NOTHING], provider: 'twilio' });
        expect([502, 503, 504]).toContain(response.status);
        const message = 'The provider could not be reached; nothing was changed';
        expectError(response, response.status, 'PROVIDER_UNAVAILABLE', message);
        expect(await snapshot()).toEqual(before);
      });

      it('answers 404 to an unknown agent', async () => {
        const before = await snapshot();
        expectError(await patch({ phone_numbers: [FREE], provider: 'san' }, UNKNOWN_AGENT), 404, 'AGENT_NOT_FOUND');
        expect(await snapshot()).toEqual(before);
      });
    });
  });

  describe('DELETE /api/agent/{agent_id}', () => {
    it('removes an agent without numbers', async () => {
      const { agent_id } = await createAgent(api);
      expect(expectSuccess(await api.delete(`/api/agent/${agent_id}`), 200)).toEqual({ agent_id, deleted: true });
      expectError(await api.get(`/api/agent/${agent_id}`), 404, 'AGENT_NOT_FOUND');
      expectError(await api.delete(`/api/agent/${agent_id}`), 404, 'AGENT_NOT_FOUND');
    });

    it('answers 409 while numbers are attached; with detach=true it gives their routes back first', async () => {
      await configureProvider(api, 'twilio');
      const numbers = ['+12025551234', '+14165551234', '+442012345678', '+61212345678'];
      const former = numbers.map((number) => routeAtTwilio(app.simulator, number));
      const { agent_id } = await createAgent(api);
      await attach(agent_id, 'twilio', numbers);
      for (const number of numbers) {
        expect(callTarget(app.simulator, number)).toMatchObject({
          kind: 'url',
          voice_url: expect.stringContaining('/inbound/twilio/') as string,
        });
      }

      for (const query of ['', '?detach=false']) {
        const response = await api.delete(`/api/agent/${agent_id}${query}`);
        expectError(response, 409, 'AGENT_HAS_PHONE_NUMBERS', 'Agent has phone numbers attached');
        expect(await read(agent_id)).toMatchObject({ phone_number_count: numbers.length });
      }
      expectSuccess(await api.delete(`/api/agent/${agent_id}?detach=true`), 200);
      expectError(await api.get(`/api/agent/${agent_id}`), 404, 'AGENT_NOT_FOUND');
      for (const number of numbers) {
        expect(await numberOf(number)).toMatchObject({ agent_id: null, status: 'inactive', attached_at: null });
      }
      const given = () => numbers.map((number) => routeAtTwilio(app.simulator, number));
      await eventually(given, (now) => JSON.stringify(now) === JSON.stringify(former));
    });

    it.each(['detach=yes', 'detach=', 'detach=true&detach=true', 'force=true'])('answers 422 to ?%s', async (query) => {
      const { agent_id } = await createAgent(api);
      const [field = ''] = query.split('=');
      const response = await api.delete(`/api/agent/${agent_id}?${query}`);
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field }]);
      await read(agent_id);
    });
  });

  describe("another account's agent", () => {
    it('does not exist: not to read, change, delete, nor to attach to', async () => {
      const { agent_id } = await createAgent(api, { agent_name: 'Mine' });
      const stranger = await newAccount();
      await configureProvider(stranger, 'san');
      const numbers = someNumbers(1);
      const attachment = { agent_id, provider: 'san', numbers };
      for (const response of [
        await stranger.get(`/api/agent/${agent_id}`),
        await stranger.patch(`/api/agent/${agent_id}`).send({ agent_name: 'Theirs' }),
        await stranger.patch(`/api/agent/${agent_id}`).send({ phone_numbers: numbers, provider: 'san' }),
        await stranger.delete(`/api/agent/${agent_id}`),
        await stranger.delete(`/api/agent/${agent_id}?detach=true`),
        await stranger.post('/api/agent/attach-phone-number').send(attachment),
        await stranger.post('/api/agent/detach-phone-number').send({ agent_id, numbers }),
      ]) {
        expectError(response, 404, 'AGENT_NOT_FOUND', 'Agent not found');
      }
      expect(await read(agent_id)).toMatchObject({ agent_name: 'Mine', phone_numbers: [] });
    });
  });

  describe('scopes', () => {
    it.each([
      ['post', '', 'agents:read', 'agents:write'],
      ['get', '', 'agents:write', 'agents:read'],
      ['get', `/${UNKNOWN_AGENT}`, 'agents:write', 'agents:read'],
      ['patch', `/${UNKNOWN_AGENT}`, 'agents:read', 'agents:write'],
      ['delete', `/${UNKNOWN_AGENT}`, 'agents:read', 'agents:write'],
    ] as const)('%s /api/agent%s with %s alone is 403: it takes %s', async (method, path, held, needed) => {
      const { token } = await app.createToken({ scopes: [held] });
      const response = await app.api(token)[method](`/api/agent${path}`);
      const details = expectError(response, 403, 'FORBIDDEN', `Token lacks the scope ${needed}`);
      expect(JSON.stringify(details)).toContain(needed);
    });

    it('does not let agents:write alone move numbers', async () => {
      const { token } = await app.createToken({ account: 'mover', scopes: ['agents:write'] });
      const mover = app.api(token);
      const { agent_id } = await createAgent(mover);
      expectError(await mover.patch(`/api/agent/${agent_id}`).send({ phone_numbers: [] }), 403, 'FORBIDDEN');
      expectError(await mover.delete(`/api/agent/${agent_id}?detach=true`), 403, 'FORBIDDEN');
      expectSuccess(await mover.delete(`/api/agent/${agent_id}`), 200);
    });
  });
});
