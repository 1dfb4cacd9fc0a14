import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber, someNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { PATIENT } from '../support/patient';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { routeAtTwilio } from '../support/twilio-side';

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const NUMBER = '+918062810341';
const NOT_THERE = '+442012345678';

/** Country calling codes: https://www.itu.int/pub/T-SP-E.164D; +1 416 is Toronto, +1 202 Washington. */
const COUNTRIES = [
  ['+918062810341', 'IN'],
  ['+12025551234', 'US'],
  ['+14165551234', 'CA'],
  ['+442012345678', 'GB'],
  ['+61212345678', 'AU'],
  ['+6512345678', 'SG'],
  ['+971501234567', 'AE'],
  // Universal International Freephone belongs to no country: https://www.itu.int/rec/T-REC-E.169.1
  ['+80012345678', null],
] as const;

const NOT_E164 = [
  '918062810341',
  '(918) 062-810341',
  '+91 8062 810341',
  '+0123456789',
  '+',
  ' +918062810341',
  '+918062810341 ',
  '+918062810341\n',
  '＋９１８０６２８１０３４１',
  '+999123456789',
  '+9180628103411234567',
  '+91806',
  'tel:+918062810341',
];

describe('A phone number', () => {
  let app: TestApp;
  let api: ApiClient;
  let accounts = 0;

  const newAccount = async (): Promise<ApiClient> => {
    const { token } = await app.createToken({ account: `account ${++accounts}` });
    return app.api(token);
  };
  const path = (phoneNumber: string) => `/api/phone-number/${phoneNumber}`;
  const read = async (phoneNumber: string, client = api) => expectSuccess(await client.get(path(phoneNumber)), 200);
  const attach = async (agent_id: string, provider: string, numbers: readonly string[]) =>
    expectSuccess(await api.post('/api/agent/attach-phone-number').send({ agent_id, provider, numbers }), 200);
  const detach = async (agent_id: string, numbers: readonly string[]) =>
    expectSuccess(await api.post('/api/agent/detach-phone-number').send({ agent_id, numbers }), 200);

  beforeAll(async () => {
    app = await startTestApp({ config: PATIENT });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    api = await newAccount();
  });

  describe('POST /api/phone-number', () => {
    it('answers 201 with every member', async () => {
      const given = {
        phone_number: NUMBER,
        provider: 'san',
        purpose: 'PRODUCTION',
        label: 'Büro „Mumbai“ ☎️',
        max_concurrent_calls: 10,
      };
      const created = expectSuccess(await api.post('/api/phone-number').send(given), 201);
      expect(created).toEqual({
        ...given,
        country: 'IN',
        status: 'inactive',
        reason: null,
        agent_id: null,
        attached_at: null,
        active_calls: 0,
        created_at: expect.stringMatching(ISO_TIME) as string,
        updated_at: created.created_at,
      });
      expect(await read(NUMBER)).toEqual(created);
    });

    it('needs no more than number and provider, which need not be configured', async () => {
      const created = await createPhoneNumber(api, NUMBER, 'plivo');
      expect(created).toMatchObject({ provider: 'plivo', purpose: null, label: null, max_concurrent_calls: null });
      const nulls = { purpose: null, label: null, max_concurrent_calls: null };
      expect(await createPhoneNumber(api, NOT_THERE, 'san', nulls)).toMatchObject(nulls);
    });

    it.each(COUNTRIES)('knows the country of %s: %s', async (phoneNumber, country) => {
      expect(await createPhoneNumber(api, phoneNumber)).toMatchObject({ phone_number: phoneNumber, country });
    });

    it.each(NOT_E164)('answers 400 to the number %j', async (phone_number) => {
      const response = await api.post('/api/phone-number').send({ phone_number, provider: 'san' });
      const message = 'Invalid phone number format. Use E.164 format';
      const details = expectError(response, 400, 'INVALID_PHONE_NUMBER_FORMAT', message);
      expect(details).toMatchObject([{ field: 'phone_number' }]);
      expect(expectSuccess(await api.get('/api/phone-number'), 200).items).toEqual([]);
    });

    it.each([
      [{ provider: 'san' }, 'PHONE_NUMBER_REQUIRED', 'Phone Number is required', 'phone_number'],
      [{ phone_number: '', provider: 'san' }, 'PHONE_NUMBER_REQUIRED', 'Phone Number is required', 'phone_number'],
      [{ phone_number: NUMBER }, 'PROVIDER_REQUIRED', 'Provider is required', 'provider'],
      [{ phone_number: NUMBER, provider: null }, 'PROVIDER_REQUIRED', 'Provider is required', 'provider'],
    ] as const)('answers 400 to %j', async (body, reason, message, field) => {
      const response = await api.post('/api/phone-number').send(body);
      expect(expectError(response, 400, reason, message)).toMatchObject([{ field }]);
    });

    it.each([
      ['phone_number', 918062810341],
      ['phone_number', [NUMBER]],
      ['provider', 'acme'],
      ['provider', 'San'],
      ['purpose', 'STAGING'],
      ['label', 'x'.repeat(256)],
      ['label', 'a\0b'],
      ['label', {}],
      ['max_concurrent_calls', 0],
      ['max_concurrent_calls', -1],
      ['max_concurrent_calls', 1.5],
      ['max_concurrent_calls', '10'],
      ['max_concurrent_calls', 2 ** 31],
      ['status', 'active'],
      ['agent_id', 'agent_01kawgyqr4e3v9m2t5x8b7c6dn'],
      ['active_calls', 0],
    ])('answers 422 to %s = %j', async (member, value) => {
      const body = { phone_number: NUMBER, provider: 'san', [member]: value };
      const response = await api.post('/api/phone-number').send(body);
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: member }]);
    });

    it('keeps a label of 255 characters of any script', async () => {
      const label = '語'.repeat(255);
      await createPhoneNumber(api, NUMBER, 'san', { label });
      expect(await read(NUMBER)).toMatchObject({ label });
    });

    it('answers 409 to a number that is there already, at whatever provider, and leaves it as it was', async () => {
      const created = await createPhoneNumber(api, NUMBER, 'san', { label: 'First' });
      for (const provider of ['san', 'twilio']) {
        const response = await api.post('/api/phone-number').send({ phone_number: NUMBER, provider, label: 'Second' });
        const details = expectError(response, 409, 'NUMBER_EXISTS', 'Phone number is already registered');
        expect(details).toMatchObject([{ field: 'phone_number', value: NUMBER }]);
      }
      expect(await read(NUMBER)).toEqual(created);
    });

    it('lets one of many registrations at the same moment in', async () => {
      const body = { phone_number: NUMBER, provider: 'san' };
      const responses = await Promise.all(Array.from({ length: 8 }, () => api.post('/api/phone-number').send(body)));
      const refused = responses.filter(({ status }) => status !== 201);
      expect(refused).toHaveLength(7);
      for (const response of refused) expectError(response, 409, 'NUMBER_EXISTS');
      expect(expectSuccess(await api.get('/api/phone-number'), 200).items).toHaveLength(1);
    });

    it('keeps two accounts apart that name the same number', async () => {
      const stranger = await newAccount();
      await createPhoneNumber(api, NUMBER, 'san', { label: 'Mine' });
      await createPhoneNumber(stranger, NUMBER, 'twilio', { label: 'Theirs' });
      expect(await read(NUMBER)).toMatchObject({ provider: 'san', label: 'Mine' });
      expect(await read(NUMBER, stranger)).toMatchObject({ provider: 'twilio', label: 'Theirs' });
    });
  });

  describe('GET /api/phone-number/{phone_number}', () => {
    it('takes the + raw, as %2B and as %2b', async () => {
      const created = await createPhoneNumber(api, NUMBER);
      for (const written of [NUMBER, `%2B${NUMBER.slice(1)}`, `%2b${NUMBER.slice(1)}`]) {
        expect(await read(written)).toEqual(created);
      }
    });

    it.each([
      NUMBER.slice(1),
      '%20918062810341',
      '+',
      '+91%208062810341',
      '%00',
      'me',
      `${NUMBER}%0A`,
      '+999123456789',
    ])('answers 400 to %s', async (written) => {
      await createPhoneNumber(api, NUMBER);
      const details = expectError(await api.get(path(written)), 400, 'INVALID_PHONE_NUMBER_FORMAT');
      expect(details).toMatchObject([{ field: 'phone_number' }]);
    });

    it('answers 404 to a number that the account does not have', async () => {
      await createPhoneNumber(await newAccount(), NUMBER);
      for (const response of [
        await api.get(path(NUMBER)),
        await api.patch(path(NUMBER)).send({ label: 'x' }),
        await api.delete(path(NUMBER)),
        await api.get(`${path(NUMBER)}/route`),
      ]) {
        expectError(response, 404, 'PHONE_NUMBER_NOT_FOUND', 'Phone number not found');
      }
    });
  });

  describe('PATCH /api/phone-number/{phone_number}', () => {
    const GIVEN = { purpose: 'TEST', label: 'Desk', max_concurrent_calls: 3 };

    it('changes what it names and clears with null', async () => {
      const created = await createPhoneNumber(api, NUMBER, 'san', GIVEN);
      const changed = expectSuccess(await api.patch(path(`%2B${NUMBER.slice(1)}`)).send({ label: 'Front desk' }), 200);
      expect(changed).toEqual({
        ...created,
        label: 'Front desk',
        updated_at: expect.stringMatching(ISO_TIME) as string,
      });
      expect(await read(NUMBER)).toEqual(changed);
      const nulls = { purpose: null, label: null, max_concurrent_calls: null };
      expect(expectSuccess(await api.patch(path(NUMBER)).send(nulls), 200)).toMatchObject(nulls);
      expect(await read(NUMBER)).toMatchObject(nulls);
    });

    it('changes nothing when nothing is named', async () => {
      const created = await createPhoneNumber(api, NUMBER, 'san', GIVEN);
      expect(expectSuccess(await api.patch(path(NUMBER)).send({}), 200)).toEqual(created);
    });

    it.each([
      ['phone_number', NOT_THERE],
      ['provider', 'twilio'],
      ['status', 'active'],
      ['agent_id', null],
      ['country', 'US'],
      ['purpose', 'test'],
      ['label', 7],
      ['max_concurrent_calls', 0],
    ])('answers 422 to %s = %j', async (member, value) => {
      const created = await createPhoneNumber(api, NUMBER, 'san', GIVEN);
      const response = await api.patch(path(NUMBER)).send({ label: 'New', [member]: value });
      expect(expectError(response, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: member }]);
      expect(await read(NUMBER)).toEqual(created);
    });

    it('refuses a purpose that its agent is not for', async () => {
      await configureProvider(api, 'san');
      const { agent_id } = await createAgent(api, { purpose: 'PRODUCTION' });
      await createPhoneNumber(api, NUMBER);
      await attach(agent_id, 'san', [NUMBER]);
      const response = await api.patch(path(NUMBER)).send({ purpose: 'TEST', label: 'New' });
      expectError(response, 422, 'PURPOSE_MISMATCH', "Phone number purpose does not match the agent's");
      expect(await read(NUMBER)).toMatchObject({ purpose: null, label: null });
      expectSuccess(await api.patch(path(NUMBER)).send({ purpose: 'PRODUCTION' }), 200);
      expectSuccess(await api.patch(path(NUMBER)).send({ purpose: null }), 200);
      await detach(agent_id, [NUMBER]);
      expectSuccess(await api.patch(path(NUMBER)).send({ purpose: 'TEST' }), 200);
    });
  });

  describe('DELETE /api/phone-number/{phone_number}', () => {
    it('removes a number, which may then be registered again', async () => {
      await createPhoneNumber(api, NUMBER, 'san', { label: 'First' });
      const gone = expectSuccess(await api.delete(path(`%2B${NUMBER.slice(1)}`)), 200);
      expect(gone).toEqual({ phone_number: NUMBER, deleted: true });
      expectError(await api.get(path(NUMBER)), 404, 'PHONE_NUMBER_NOT_FOUND');
      expectError(await api.delete(path(NUMBER)), 404, 'PHONE_NUMBER_NOT_FOUND');
      expect(await createPhoneNumber(api, NUMBER, 'twilio')).toMatchObject({ provider: 'twilio', label: null });
    });

    it('answers 409 while it is attached', async () => {
      await configureProvider(api, 'twilio');
      const [twilioNumber] = ['+12025551234'];
      const former = routeAtTwilio(app.simulator, twilioNumber);
      const { agent_id } = await createAgent(api);
      await attach(agent_id, 'twilio', [twilioNumber]);
      const message = 'Phone number is attached to an agent; detach it first';
      expectError(await api.delete(path(twilioNumber)), 409, 'NUMBER_ATTACHED', message);
      expect(await read(twilioNumber)).toMatchObject({ agent_id, status: 'active' });

      await detach(agent_id, [twilioNumber]);
      expect(routeAtTwilio(app.simulator, twilioNumber)).toEqual(former);
      expectSuccess(await api.delete(path(twilioNumber)), 200);
      expect(routeAtTwilio(app.simulator, twilioNumber)).toEqual(former);
    });
  });

  describe('attached', () => {
    it('says to which agent, since when and how it stands', async () => {
      await configureProvider(api, 'san');
      const [number = ''] = someNumbers(1);
      await createPhoneNumber(api, number, 'san', { label: 'Desk' });
      const { agent_id } = await createAgent(api);
      const { attached_at } = await attach(agent_id, 'san', [number]);
      expect(await read(number)).toMatchObject({
        label: 'Desk',
        agent_id,
        attached_at,
        status: 'pending',
        reason: 'awaiting_first_call',
      });
      await detach(agent_id, [number]);
      expect(await read(number)).toMatchObject({
        label: 'Desk',
        agent_id: null,
        attached_at: null,
        status: 'inactive',
      });
    });
  });

  describe('scopes', () => {
    it.each([
      ['post', '/api/phone-number', 'numbers:read', 'numbers:write'],
      ['get', '/api/phone-number', 'numbers:write', 'numbers:read'],
      ['get', path(NUMBER), 'numbers:write', 'numbers:read'],
      ['patch', path(NUMBER), 'numbers:read', 'numbers:write'],
      ['delete', path(NUMBER), 'numbers:read', 'numbers:write'],
      ['get', `${path(NUMBER)}/route`, 'numbers:write', 'numbers:read'],
    ] as const)('%s %s with %s alone is 403: it takes %s', async (method, url, held, needed) => {
      const { token } = await app.createToken({ scopes: [held] });
      expectError(await app.api(token)[method](url), 403, 'FORBIDDEN', `Token lacks the scope ${needed}`);
    });
  });
});
