import type { Response } from 'supertest';
import type { ErrorReason } from '../../src/common/errors/error-catalog';
import { DEMO_SEED } from '../../src/simulator/demo-seed';
import { DEMO_TWILIO } from '../../src/simulator/twilio/twilio.demo';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber, someNumbers } from '../factories/phone-number.factory';
import { configureProvider, SIMULATOR_CREDENTIALS } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { inventoryOf, numberOf } from '../support/inventory';
import { sendRaw } from '../support/raw-body';
import { storedRows } from '../support/stored-rows';
import { inboundUrlOf, newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { callTarget, routeAtTwilio } from '../support/twilio-side';
import { untilPasses } from '../support/until-passes';

const PATH = '/api/agent/attach-phone-number';
const ATTACHED = 'Phone number(s) attached successfully';
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Enough for a busy machine, and little to wait for where Twilio is slow on purpose. */
const INLINE_MS = 1_500;
/** Of the form of an agent's id, and nobody's. */
const NO_AGENT = 'agent_01arz3ndektsv4rrffq69g5fav';
const SAN_NUMBER = '+918062810341';

interface AttachedNumber {
  readonly phone_number: string;
  readonly status: string;
  readonly reason: string | null;
  readonly attached_at: string;
  readonly inbound_url?: string;
}

interface Attachment extends Record<string, unknown> {
  readonly status: string;
  readonly attached_at: string;
  readonly numbers: readonly AttachedNumber[];
}

let app: TestApp;
/** Asked for before everything else; Twilio never answers it. */
let hanging: Promise<Response>;
let hangingAccount: ApiClient;

const twilioNumbers = someNumbers(200);
let used = 0;
/** Numbers that the simulated Twilio account owns and no other test speaks of. */
function ownedNumbers(count: number): string[] {
  used += count;
  if (used > twilioNumbers.length) throw new RangeError('the seed does not own so many');
  return twilioNumbers.slice(used - count, used);
}
const ownedNumber = () => String(ownedNumbers(1)[0]);

const twilioMode = () => app.simulator.control.twilio.mode;
const twilioRequests = () => app.simulator.control.twilio.requests;

beforeAll(async () => {
  app = await startTestApp({ config: { routing: { inlineMs: INLINE_MS } } });
  await app.simulator.seed({
    twilio: {
      accounts: [
        {
          ...DEMO_TWILIO,
          numbers: ['+49301234567', '+12025550143', '+14165550143'],
          generate: { first: String(twilioNumbers[0]), count: twilioNumbers.length },
        },
      ],
    },
  });

  hangingAccount = await newAccount(app, 'twilio');
  const agent = await createAgent(hangingAccount);
  twilioMode().set({ hang: true, fail_count: 1 });
  hanging = attach(hangingAccount, { agent_id: agent.agent_id, provider: 'twilio', numbers: [ownedNumber()] });
  await untilPasses(() => expect(twilioMode().current().faults_left).toBe(0));
  twilioMode().clear();
});

afterEach(() => twilioMode().clear());

afterAll(() => app?.close());

/** Sends at once; a request of supertest's would wait until it is awaited. */
async function attach(api: ApiClient, body: object, query = ''): Promise<Response> {
  return api.post(PATH + query).send(body);
}

async function attached(api: ApiClient, body: object, query = ''): Promise<Attachment> {
  return expectSuccess(await attach(api, body, query), 200, ATTACHED) as Attachment;
}

describe('the answer', () => {
  it('is, for a number at San that has not been called yet, exactly this', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const before = Date.now();
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'san', numbers: [SAN_NUMBER] });

    const [number] = data.numbers;
    expect(data).toEqual({
      agent_id: agent.agent_id,
      phone_numbers: [SAN_NUMBER],
      provider: 'san',
      attached_at: number?.attached_at,
      status: 'pending',
      numbers: [
        {
          phone_number: SAN_NUMBER,
          status: 'pending',
          reason: 'awaiting_first_call',
          attached_at: expect.stringMatching(ISO_TIME) as string,
          inbound_url: expect.any(String) as string,
        },
      ],
    });
    expect(Date.parse(data.attached_at)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(data.attached_at)).toBeLessThanOrEqual(Date.now());
    const inboundUrl = await inboundUrlOf(api, 'san');
    expect(inboundUrl).toMatch(/^wss?:\/\/[^/]+\/inbound\/san\/[A-Za-z0-9_-]{43}$/);
    expect(decodeURIComponent(number?.inbound_url ?? '')).toBe(`${inboundUrl}/${SAN_NUMBER}`);
  });

  it('is, for a number at Twilio, active at once and exactly this', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const number = ownedNumber();
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [number] });

    const at = data.attached_at;
    expect(at).toMatch(ISO_TIME);
    expect(data).toEqual({
      agent_id: agent.agent_id,
      phone_numbers: [number],
      provider: 'twilio',
      attached_at: at,
      status: 'active',
      numbers: [{ phone_number: number, status: 'active', reason: null, attached_at: at }],
    });
  });

  it('counts a number that is named twice once, in first-seen order', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const [first, second, third] = ['+918062810345', '+918062810341', '+918062810343'];
    const data = await attached(api, {
      agent_id: agent.agent_id,
      provider: 'san',
      numbers: [first, second, first, third, second, second],
    });
    expect(data.phone_numbers).toEqual([first, second, third]);
    expect(data.numbers.map((number) => number.phone_number)).toEqual([first, second, third]);
    expect(await inventoryOf(api)).toHaveLength(3);
  });

  it('says the worst status and the latest time', async () => {
    const api = await newAccount(app, 'san', 'twilio');
    const agent = await createAgent(api);
    const [first, second] = ownedNumbers(2);
    const before = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [first] });
    await untilPasses(() => expect(new Date().toISOString() > before.attached_at).toBe(true));
    twilioMode().set({ fail_status: 503, only: 'write' });
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [second, first] });

    expect(data.numbers).toMatchObject([{ status: 'pending' }, { status: 'active', attached_at: before.attached_at }]);
    expect(data.status).toBe('pending');
    expect(data.attached_at).toBe(data.numbers[0]?.attached_at);
    expect(data.attached_at > before.attached_at).toBe(true);

    twilioMode().set({ fail_status: 404, only: 'write' });
    await createPhoneNumber(api, '+447700900999', 'twilio');
    const withRefused = await attached(api, {
      agent_id: agent.agent_id,
      provider: 'twilio',
      numbers: [first, '+447700900999', second],
    });
    expect(withRefused.numbers[1]).toMatchObject({ status: 'inactive' });
    expect(withRefused.status).toBe('inactive');
  });

  it('shows in the agent and in the inventory', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const { attached_at } = await attached(api, {
      agent_id: agent.agent_id,
      provider: 'san',
      numbers: [SAN_NUMBER],
    });
    expect(expectSuccess(await api.get(`/api/agent/${agent.agent_id}`), 200)).toMatchObject({
      phone_numbers: [SAN_NUMBER],
      phone_number_count: 1,
    });
    expect(await inventoryOf(api)).toMatchObject([
      { phone_number: SAN_NUMBER, provider: 'san', agent_id: agent.agent_id, attached_at, country: 'IN' },
    ]);
  });
});

describe('numbers', () => {
  it.each([
    '+918062810341',
    '+12025551234',
    '+442012345678',
    '+61212345678',
    '+14165551234',
    '+6512345678',
    '+971501234567',
  ])('%s is valid', async (number) => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'san', numbers: [number] });
    expect(data.phone_numbers).toEqual([number]);
  });

  describe('that are not E.164', () => {
    const INVALID = [
      '918062810341',
      '(918) 062-810341',
      '+91 8062 810341',
      '+0123456789',
      '+',
      '',
      ' +918062810341',
      '+918062810341 ',
      '\n+918062810341',
      '+918062810341\n',
      '+９１８０６２８１０３４１',
      '＋918062810341',
      '+999123456789',
      '+9180628103411234567',
      '+91806',
      'tel:+918062810341',
    ];
    let api: ApiClient;
    let agentId: string;

    beforeAll(async () => {
      api = await newAccount(app, 'san');
      agentId = (await createAgent(api)).agent_id;
    });

    afterAll(async () => expect(await inventoryOf(api)).toEqual([]));

    it.each(INVALID)('%j is not', async (number) => {
      const response = await attach(api, { agent_id: agentId, provider: 'san', numbers: [SAN_NUMBER, number] });
      const details = expectError(
        response,
        400,
        'INVALID_PHONE_NUMBER_FORMAT',
        'Invalid phone number format. Use E.164 format',
      );
      expect(details).toEqual([{ field: 'numbers[1]', message: expect.stringMatching(/\S/) as string, value: number }]);
    });

    it('are all named', async () => {
      const response = await attach(api, { agent_id: agentId, provider: 'san', numbers: INVALID });
      const details = expectError(response, 400, 'INVALID_PHONE_NUMBER_FORMAT');
      expect(details.map(({ field, value }) => [field, value])).toEqual(
        INVALID.map((number, index) => [`numbers[${index}]`, number]),
      );
    });
  });

  it('may be 1,000 at once, and no more', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const numbers = someNumbers(1_000);
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'san', numbers });
    expect(data.phone_numbers).toEqual(numbers);
    expect(data.numbers).toHaveLength(1_000);
    expect(expectSuccess(await api.get(`/api/agent/${agent.agent_id}`), 200)).toMatchObject({
      phone_number_count: 1_000,
      phone_numbers: numbers.slice(0, 100),
    });

    const other = await newAccount(app, 'san');
    const response = await attach(other, {
      agent_id: (await createAgent(other)).agent_id,
      provider: 'san',
      numbers: [...numbers, SAN_NUMBER],
    });
    const details = expectError(response, 422, 'VALIDATION_FAILED');
    expect(details).toMatchObject([{ field: 'numbers' }]);
    expect((response.body as { message: string }).message).toBe(details[0]?.message);
    expect(await inventoryOf(other)).toEqual([]);
  });
});

describe('each row of the table', () => {
  let token: string;
  let api: ApiClient;
  let mine: string;
  let good: object;
  /** Attached to another agent. */
  let taken: string[];
  let rows: Awaited<ReturnType<typeof storedRows>>;

  beforeAll(async () => {
    ({ token } = await app.createToken({ account: 'table' }));
    api = app.api(token);
    await configureProvider(api, 'san');
    await configureProvider(api, 'twilio');
    mine = (await createAgent(api, { purpose: 'PRODUCTION' })).agent_id;
    const other = (await createAgent(api)).agent_id;
    taken = ['+918062810351', '+918062810352'];
    await attached(api, { agent_id: other, provider: 'san', numbers: taken });
    good = { agent_id: mine, provider: 'san', numbers: [SAN_NUMBER] };
    rows = await storedRows(app);
  });

  afterEach(async () => expect(await storedRows(app)).toEqual(rows));

  it('401 without a token', async () => {
    const response = await attach(app.api(), good);
    expect(expectError(response, 401, 'UNAUTHENTICATED', 'Invalid Auth Key or Session Expired')).toEqual([]);
  });

  it('413 over 256 KiB', async () => {
    const body = JSON.stringify({ ...good, padding: 'x'.repeat(256 * 1024) });
    expectError(await sendRaw(api.post(PATH), body), 413, 'PAYLOAD_TOO_LARGE');
  });

  it('415 for another content type', async () => {
    expectError(await sendRaw(api.post(PATH), JSON.stringify(good), 'text/plain'), 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it.each(['{"agent_id":', '[]', 'null', '"text"', '1', ''])('400 for the body %j', async (body) => {
    const response = await sendRaw(api.post(PATH), body);
    expectError(response, 400, 'MALFORMED_JSON', 'Request body is not valid JSON');
  });

  const MISSING: [string, ErrorReason, string, unknown[]][] = [
    ['agent_id', 'AGENT_ID_REQUIRED', 'Agent ID is required', [undefined, null, '', '   ', '\t\n']],
    ['provider', 'PROVIDER_REQUIRED', 'Provider is required', [undefined, null, '', '   ', '\t\n']],
    ['numbers', 'NUMBERS_REQUIRED', 'Phone number(s) are required', [undefined, null, []]],
  ];
  it.each(
    MISSING.flatMap(([member, reason, message, values]) =>
      values.map((value) => [member, JSON.stringify(value), reason, message, value] as const),
    ),
  )('400 for %s %s: %s', async (member, _shown, reason, message, value) => {
    const details = expectError(await attach(api, { ...good, [member]: value }), 400, reason, message);
    expect(details.map(({ field }) => field)).toEqual([member]);
  });

  it('400 names every missing member, and is about the first', async () => {
    const details = expectError(await attach(api, {}), 400, 'AGENT_ID_REQUIRED', 'Agent ID is required');
    expect(details.map(({ field }) => field)).toEqual(['agent_id', 'provider', 'numbers']);
  });

  it.each([
    ['agent_id', [5, true, {}, [], ['agent_1']]],
    ['provider', [5, true, {}, [], ['san']]],
    ['numbers', ['', SAN_NUMBER, 5, true, {}, { 0: SAN_NUMBER, length: 1 }]],
    ['reassign', ['true', 1, 0, null, {}, [], [true]]],
    ['dry_run', [true]],
    ['phone_numbers', [[SAN_NUMBER]]],
  ])('422 for a wrong %s', async (member, values) => {
    for (const value of values) {
      const response = await attach(api, { ...good, [member]: value });
      const details = expectError(response, 422, 'VALIDATION_FAILED');
      expect(details.map(({ field }) => field)).toEqual([member]);
      expect((response.body as { message: string }).message).toBe(details[0]?.message);
    }
  });

  it('422 for elements that are not strings, all of which it names', async () => {
    const numbers = [SAN_NUMBER, 918062810341, null, true, {}, [SAN_NUMBER], '+918062810342'];
    const details = expectError(await attach(api, { ...good, numbers }), 422, 'VALIDATION_FAILED');
    expect(details.map(({ field }) => field)).toEqual([1, 2, 3, 4, 5].map((index) => `numbers[${index}]`));
  });

  it.each(['SAN', 'san ', 'ozonetel', 'nobody', '__proto__', 'toString'])('422 for the provider %j', async (name) => {
    const details = expectError(await attach(api, { ...good, provider: name }), 422, 'VALIDATION_FAILED');
    expect(details).toMatchObject([{ field: 'provider', value: name }]);
  });

  it.each(['yes', '1', 'TRUE', ''])('422 for dry_run=%s', async (value) => {
    const details = expectError(await attach(api, good, `?dry_run=${value}`), 422, 'VALIDATION_FAILED');
    expect(details).toMatchObject([{ field: 'dry_run' }]);
  });

  it('404 for an agent that is unknown, deleted, or no id at all', async () => {
    const deleted = (await createAgent(api)).agent_id;
    expectSuccess(await api.delete(`/api/agent/${deleted}`), 200);
    for (const agentId of [NO_AGENT, deleted, mine.toUpperCase(), `${mine} `, 'x', "' OR 1=1 --", '../../x']) {
      const response = await attach(api, { ...good, agent_id: agentId });
      expectError(response, 404, 'AGENT_NOT_FOUND', 'Agent not found');
    }
  });

  it.each(['ozonetell', 'exotel', 'telnyx', 'vonage', 'plivo', 'bandwidth'])(
    '400 for %s, which is not configured',
    async (provider) => {
      const response = await attach(api, { ...good, provider });
      expectError(response, 400, 'PROVIDER_NOT_CONFIGURED', 'Provider not configured for your account');
    },
  );

  it('409 names every number that another agent has', async () => {
    const response = await attach(api, { ...good, numbers: [taken[1], SAN_NUMBER, taken[0]] });
    const details = expectError(
      response,
      409,
      'NUMBER_ALREADY_ATTACHED',
      'Phone number is already attached to another agent',
    );
    expect(details).toMatchObject([
      { field: 'numbers[0]', value: taken[1] },
      { field: 'numbers[2]', value: taken[0] },
    ]);
  });

  it('422 names every number that Twilio says is not ours', async () => {
    const numbers = ['+447700900991', ownedNumber(), '+447700900992'];
    const response = await attach(api, { agent_id: mine, provider: 'twilio', numbers });
    const details = expectError(response, 422, 'NUMBER_NOT_AVAILABLE', 'Phone number is not available in your account');
    expect(details).toMatchObject([
      { field: 'numbers[0]', value: numbers[0] },
      { field: 'numbers[2]', value: numbers[2] },
    ]);
  });

  it('422 names every one also where there are many', async () => {
    const owned = ownedNumbers(30);
    const foreign = someNumbers(5, 900);
    const numbers = [...owned.slice(0, 10), ...foreign, ...owned.slice(10)];
    const response = await attach(api, { agent_id: mine, provider: 'twilio', numbers });
    const details = expectError(response, 422, 'NUMBER_NOT_AVAILABLE');
    expect(details.map(({ field, value }) => [field, value])).toEqual(
      foreign.map((number, index) => [`numbers[${index + 10}]`, number]),
    );
  });

  it('422 for a number of which Twilio only finds a longer one', async () => {
    const response = await attach(api, { agent_id: mine, provider: 'twilio', numbers: ['+4930123456'] });
    expect(expectError(response, 422, 'NUMBER_NOT_AVAILABLE')).toMatchObject([{ value: '+4930123456' }]);
  });

  describe('with numbers of a purpose or of another provider', () => {
    beforeAll(async () => {
      await createPhoneNumber(api, '+918062810361', 'san', { purpose: 'TEST' });
      await createPhoneNumber(api, '+918062810362', 'san', { purpose: 'TEST' });
      await createPhoneNumber(api, '+918062810363', 'san', { purpose: 'PRODUCTION' });
      await createPhoneNumber(api, '+918062810364', 'twilio');
      rows = await storedRows(app);
    });

    it('422 for a number that is registered under another provider', async () => {
      const response = await attach(api, { ...good, numbers: [SAN_NUMBER, '+918062810364'] });
      const details = expectError(response, 422, 'NUMBER_NOT_AVAILABLE');
      expect(details).toMatchObject([{ field: 'numbers[1]', value: '+918062810364' }]);
    });

    it('422 names every TEST number on a PRODUCTION agent', async () => {
      const numbers = ['+918062810361', '+918062810363', SAN_NUMBER, '+918062810362'];
      const response = await attach(api, { ...good, numbers });
      const details = expectError(response, 422, 'PURPOSE_MISMATCH', "Phone number purpose does not match the agent's");
      expect(details).toMatchObject([
        { field: 'numbers[0]', value: '+918062810361' },
        { field: 'numbers[3]', value: '+918062810362' },
      ]);
    });
  });

  it.each([
    [503, 1],
    [500, 30],
    [429, 1],
  ])('502, 503 or 504 when Twilio answers %i and %i ownership(s) are not known', async (status, count) => {
    twilioMode().set({ fail_status: status, retry_after_s: 7 });
    const numbers = ownedNumbers(count);
    const response = await attach(api, { agent_id: mine, provider: 'twilio', numbers });
    expect([502, 503, 504]).toContain(response.status);
    const message = 'The provider could not be reached; nothing was changed';
    const details = expectError(response, response.status, 'PROVIDER_UNAVAILABLE', message);
    expect(details.map(({ value }) => value)).toEqual(numbers);
  });

  it('403 for a token without the scope', async () => {
    const scopes = ['numbers:read', 'agents:read', 'agents:write', 'providers:write'] as const;
    const reader = await app.createToken({ account: 'table', scopes });
    rows = await storedRows(app);
    const response = await attach(app.api(reader.token), good);
    const details = expectError(response, 403, 'FORBIDDEN', 'Token lacks the scope numbers:write');
    expect(JSON.stringify(details)).toContain('numbers:write');
  });
});

describe('two faults at once', () => {
  interface Draft {
    token: string;
    contentType: string;
    isTwilioDown: boolean;
    body: Record<string, unknown> & { numbers: string[] };
    toText: (body: object) => string;
    padding: string;
  }

  interface Fault {
    readonly reason: ErrorReason;
    readonly status: number;
    readonly cause: (draft: Draft) => void;
    /** Faults that cannot come with it. */
    readonly not?: readonly ErrorReason[];
  }

  const TAKEN = '+447700900981';
  const AT_SAN = '+447700900982';
  const TEST_NUMBER = '+447700900983';
  const GOOD = '+447700900984';
  const NOT_YET_KNOWN = '+447700900985';
  const NUMBER_FAULTS: ErrorReason[] = [
    'INVALID_PHONE_NUMBER_FORMAT',
    'NUMBER_ALREADY_ATTACHED',
    'NUMBER_NOT_AVAILABLE',
    'PURPOSE_MISMATCH',
    'PROVIDER_UNAVAILABLE',
  ];

  let readerToken: string;
  let fullToken: string;
  let agentId: string;
  let rows: Awaited<ReturnType<typeof storedRows>>;

  /** In the order of the table. */
  const FAULTS: readonly Fault[] = [
    {
      reason: 'UNAUTHENTICATED',
      status: 401,
      cause: (draft) => (draft.token = `pb_${'x'.repeat(43)}`),
      not: ['FORBIDDEN'],
    },
    { reason: 'FORBIDDEN', status: 403, cause: (draft) => (draft.token = readerToken) },
    {
      reason: 'PAYLOAD_TOO_LARGE',
      status: 413,
      cause: (draft) => (draft.padding = ' '.repeat(300_000)),
      not: ['UNSUPPORTED_MEDIA_TYPE'],
    },
    { reason: 'UNSUPPORTED_MEDIA_TYPE', status: 415, cause: (draft) => (draft.contentType = 'text/plain') },
    {
      reason: 'MALFORMED_JSON',
      status: 400,
      cause: (draft) => (draft.toText = (body) => JSON.stringify(body).slice(0, -1)),
    },
    {
      reason: 'AGENT_ID_REQUIRED',
      status: 400,
      cause: ({ body }) => delete body.agent_id,
      not: ['AGENT_NOT_FOUND'],
    },
    {
      reason: 'PROVIDER_REQUIRED',
      status: 400,
      cause: ({ body }) => delete body.provider,
      not: ['PROVIDER_NOT_CONFIGURED'],
    },
    { reason: 'NUMBERS_REQUIRED', status: 400, cause: ({ body }) => (body.numbers = []), not: NUMBER_FAULTS },
    { reason: 'VALIDATION_FAILED', status: 422, cause: ({ body }) => (body.unknown_member = 1) },
    {
      reason: 'INVALID_PHONE_NUMBER_FORMAT',
      status: 400,
      cause: ({ body }) => body.numbers.push('+999123456789'),
    },
    { reason: 'AGENT_NOT_FOUND', status: 404, cause: ({ body }) => (body.agent_id = NO_AGENT) },
    { reason: 'PROVIDER_NOT_CONFIGURED', status: 400, cause: ({ body }) => (body.provider = 'telnyx') },
    { reason: 'NUMBER_ALREADY_ATTACHED', status: 409, cause: ({ body }) => body.numbers.push(TAKEN) },
    { reason: 'NUMBER_NOT_AVAILABLE', status: 422, cause: ({ body }) => body.numbers.push(AT_SAN) },
    { reason: 'PURPOSE_MISMATCH', status: 422, cause: ({ body }) => body.numbers.push(TEST_NUMBER) },
    {
      reason: 'PROVIDER_UNAVAILABLE',
      status: 502,
      cause: (draft) => {
        draft.isTwilioDown = true;
        draft.body.numbers.push(NOT_YET_KNOWN);
      },
    },
  ];

  const PAIRS = FAULTS.flatMap((first, index) =>
    FAULTS.slice(index + 1)
      .filter((second) => !first.not?.includes(second.reason))
      .map((second) => [first.reason, second.reason, first, second] as const),
  );

  beforeAll(async () => {
    await app.simulator.seed({ twilio: { accounts: [{ ...DEMO_TWILIO, numbers: [TAKEN, GOOD, NOT_YET_KNOWN] }] } });
    fullToken = (await app.createToken({ account: 'two faults' })).token;
    readerToken = (await app.createToken({ account: 'two faults', scopes: ['numbers:read'] })).token;
    const api = app.api(fullToken);
    await configureProvider(api, 'twilio');
    await configureProvider(api, 'san');
    agentId = (await createAgent(api, { purpose: 'PRODUCTION' })).agent_id;
    const other = await createAgent(api);
    const taken = await attached(api, { agent_id: other.agent_id, provider: 'twilio', numbers: [TAKEN] });
    expect(taken.status).toBe('active');
    await createPhoneNumber(api, AT_SAN, 'san');
    await createPhoneNumber(api, TEST_NUMBER, 'twilio', { purpose: 'TEST' });
    await createPhoneNumber(api, GOOD, 'twilio');
    rows = await storedRows(app);
  });

  afterAll(async () => expect(await storedRows(app)).toEqual(rows));

  function send(...faults: readonly Fault[]): Promise<Response> {
    const draft: Draft = {
      token: fullToken,
      contentType: 'application/json',
      isTwilioDown: false,
      body: { agent_id: agentId, provider: 'twilio', numbers: [GOOD] },
      toText: (body) => JSON.stringify(body),
      padding: '',
    };
    for (const fault of faults) fault.cause(draft);
    if (draft.isTwilioDown) twilioMode().set({ fail_status: 500 });
    const request = app.api(draft.token).post(`${PATH}?dry_run=true`);
    return sendRaw(request, draft.toText(draft.body) + draft.padding, draft.contentType).then((response) => response);
  }

  it('none of them is there by itself', async () => {
    expectSuccess(await send(), 200);
  });

  it.each(FAULTS.map((fault) => [fault.reason, fault] as const))('%s alone', async (reason, fault) => {
    expectError(await send(fault), fault.status, reason);
  });

  it.each(PAIRS)('%s comes before %s', async (reason, _later, first, second) => {
    expectError(await send(first, second), first.status, reason);
    expectError(await send(second, first), first.status, reason);
  });

  it('all of them are the first', async () => {
    const later = FAULTS.filter(({ reason }) => reason !== 'UNAUTHENTICATED');
    expectError(await send(...later), 403, 'FORBIDDEN');
  });
});

describe('attaching again', () => {
  it('to the same agent changes nothing', async () => {
    const api = await newAccount(app, 'san', 'twilio');
    const agent = await createAgent(api);
    const requests = [
      { agent_id: agent.agent_id, provider: 'san', numbers: [SAN_NUMBER, '+918062810342'] },
      { agent_id: agent.agent_id, provider: 'twilio', numbers: ownedNumbers(2) },
    ];
    for (const request of requests) {
      const first = await attached(api, request);
      const rows = await storedRows(app);
      await untilPasses(() => expect(Date.now()).toBeGreaterThan(Date.parse(first.attached_at)));
      twilioRequests().clear();

      expect(await attached(api, request)).toEqual(first);
      expect(await attached(api, { ...request, reassign: true })).toEqual(first);
      expect(await storedRows(app)).toEqual(rows);
      expect(twilioRequests().read().total).toBe(0);
    }
  });

  it('needs no provider', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const request = { agent_id: agent.agent_id, provider: 'twilio', numbers: [ownedNumber()] };
    const first = await attached(api, request);
    twilioMode().set({ fail_status: 503 });
    expect(await attached(api, request)).toEqual(first);
  });

  it('with a new number beside it attaches that one alone', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const first = await attached(api, { agent_id: agent.agent_id, provider: 'san', numbers: ['+918062810342'] });
    await untilPasses(() => expect(Date.now()).toBeGreaterThan(Date.parse(first.attached_at)));
    const both = await attached(api, {
      agent_id: agent.agent_id,
      provider: 'san',
      numbers: [SAN_NUMBER, '+918062810342'],
    });
    expect(both.numbers[1]).toEqual(first.numbers[0]);
    expect(both.attached_at).toBe(both.numbers[0]?.attached_at);
    expect(both.attached_at > first.attached_at).toBe(true);
  });
});

describe('reassign', () => {
  it('takes numbers from other agents, which without it is 409', async () => {
    const api = await newAccount(app, 'twilio');
    const [former, second, next] = [await createAgent(api), await createAgent(api), await createAgent(api)];
    const [one, two, three] = ownedNumbers(3);
    await attached(api, { agent_id: former.agent_id, provider: 'twilio', numbers: [one] });
    await attached(api, { agent_id: second.agent_id, provider: 'twilio', numbers: [two] });
    const before = await inventoryOf(api);

    const request = { agent_id: next.agent_id, provider: 'twilio', numbers: [three, one, two] };
    for (const body of [request, { ...request, reassign: false }]) {
      const details = expectError(await attach(api, body), 409, 'NUMBER_ALREADY_ATTACHED');
      expect(details.map(({ value }) => value)).toEqual([one, two]);
    }
    expect(await inventoryOf(api)).toEqual(before);

    const data = await attached(api, { ...request, reassign: true });
    expect(data).toMatchObject({ agent_id: next.agent_id, phone_numbers: [three, one, two], status: 'active' });
    for (const { phone_number, attached_at } of data.numbers) {
      const listed = before.find((number) => number.phone_number === phone_number);
      expect(attached_at >= (listed?.attached_at ?? '')).toBe(true);
    }
    const inventory = await inventoryOf(api);
    expect(inventory.map(({ agent_id }) => agent_id)).toEqual(Array(3).fill(next.agent_id));
    for (const agent of [former, second]) {
      const shown = expectSuccess(await api.get(`/api/agent/${agent.agent_id}`), 200);
      expect(shown).toMatchObject({ phone_numbers: [], phone_number_count: 0 });
    }
    const voiceUrl = await inboundUrlOf(api, 'twilio');
    for (const number of [one, two, three]) {
      expect(callTarget(app.simulator, String(number))).toMatchObject({ kind: 'url', voice_url: voiceUrl });
    }
  });

  it('does not get past a purpose', async () => {
    const api = await newAccount(app, 'san');
    const [former, next] = [await createAgent(api), await createAgent(api, { purpose: 'TEST' })];
    await createPhoneNumber(api, SAN_NUMBER, 'san', { purpose: 'PRODUCTION' });
    await attached(api, { agent_id: former.agent_id, provider: 'san', numbers: [SAN_NUMBER] });
    const request = { agent_id: next.agent_id, provider: 'san', numbers: [SAN_NUMBER], reassign: true };
    expectError(await attach(api, request), 422, 'PURPOSE_MISMATCH');
    expect(await numberOf(api, SAN_NUMBER)).toMatchObject({ agent_id: former.agent_id });
  });
});

describe('purpose', () => {
  it.each([
    ['TEST', 'PRODUCTION', false],
    ['PRODUCTION', 'TEST', false],
    ['TEST', 'TEST', true],
    ['PRODUCTION', 'PRODUCTION', true],
    [null, 'TEST', true],
    [null, 'PRODUCTION', true],
    ['TEST', null, true],
    ['PRODUCTION', null, true],
    [null, null, true],
  ])('%s number, %s agent', async (ofNumber, ofAgent, fits) => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api, { purpose: ofAgent });
    await createPhoneNumber(api, SAN_NUMBER, 'san', { purpose: ofNumber });
    const response = await attach(api, { agent_id: agent.agent_id, provider: 'san', numbers: [SAN_NUMBER] });
    if (fits) expectSuccess(response, 200);
    else expectError(response, 422, 'PURPOSE_MISMATCH');
    expect(await numberOf(api, SAN_NUMBER)).toMatchObject({ agent_id: fits ? agent.agent_id : null });
  });
});

describe('dry_run', () => {
  it('answers what would happen and changes nothing', async () => {
    const api = await newAccount(app, 'san', 'twilio');
    const [agent, other] = [await createAgent(api), await createAgent(api)];
    await attached(api, { agent_id: other.agent_id, provider: 'san', numbers: ['+918062810342'] });
    const [known, unknown] = ownedNumbers(2);
    await createPhoneNumber(api, String(known), 'twilio');
    const [rows, inventory] = [await storedRows(app), await inventoryOf(api)];
    const former = [known, unknown].map((number) => routeAtTwilio(app.simulator, String(number)));
    twilioRequests().clear();

    const requests = [
      { provider: 'san', numbers: [SAN_NUMBER, '+918062810342'], reassign: true },
      { provider: 'twilio', numbers: [known, unknown] },
    ];
    for (const request of requests) {
      const data = await attached(api, { agent_id: agent.agent_id, ...request }, '?dry_run=true');
      expect(data).toMatchObject({
        dry_run: true,
        agent_id: agent.agent_id,
        provider: request.provider,
        phone_numbers: request.numbers,
        attached_at: expect.stringMatching(ISO_TIME) as string,
      });
      expect(data.numbers.map((number) => number.phone_number)).toEqual(request.numbers);
    }
    expect(await inventoryOf(api)).toEqual(inventory);
    expect(await storedRows(app)).toEqual(rows);
    expect(twilioRequests().read().by_method.POST).toBeUndefined();
    expect([known, unknown].map((number) => routeAtTwilio(app.simulator, String(number)))).toEqual(former);
  });

  it('answers the same errors', async () => {
    const api = await newAccount(app, 'san', 'twilio');
    const [agent, other] = [await createAgent(api), await createAgent(api)];
    await attached(api, { agent_id: other.agent_id, provider: 'san', numbers: ['+918062810342'] });
    const good = { agent_id: agent.agent_id, provider: 'san', numbers: [SAN_NUMBER] };
    const rows = await storedRows(app);
    const bodies: [object, number, ErrorReason][] = [
      [{ ...good, numbers: ['+918062810342'] }, 409, 'NUMBER_ALREADY_ATTACHED'],
      [{ ...good, provider: 'twilio', numbers: ['+447700900990'] }, 422, 'NUMBER_NOT_AVAILABLE'],
      [{ ...good, agent_id: NO_AGENT }, 404, 'AGENT_NOT_FOUND'],
      [{ ...good, provider: 'plivo' }, 400, 'PROVIDER_NOT_CONFIGURED'],
      [{ ...good, numbers: [] }, 400, 'NUMBERS_REQUIRED'],
    ];
    for (const [body, status, reason] of bodies) {
      const dry = await attach(api, body, '?dry_run=true');
      const real = await attach(api, body);
      expect(expectError(dry, status, reason)).toEqual(expectError(real, status, reason));
    }
    expect(await storedRows(app)).toEqual(rows);
  });

  it('is not one when it is false', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const request = { agent_id: agent.agent_id, provider: 'san', numbers: [SAN_NUMBER] };
    const data = await attached(api, request, '?dry_run=false');
    expect(data).not.toHaveProperty('dry_run');
    expect(await numberOf(api, SAN_NUMBER)).toMatchObject({ agent_id: agent.agent_id });
  });
});

describe('all or nothing', () => {
  it('attaches none when one is refused', async () => {
    const api = await newAccount(app, 'san', 'twilio');
    const [agent, other] = [await createAgent(api, { purpose: 'TEST' }), await createAgent(api)];
    await createPhoneNumber(api, '+918062810343', 'san', { purpose: 'PRODUCTION' });
    await attached(api, { agent_id: other.agent_id, provider: 'san', numbers: ['+918062810342'] });
    const owned = ownedNumber();
    const rows = await storedRows(app);

    const refused: [string, string[], number, ErrorReason][] = [
      ['san', [SAN_NUMBER, '+918062810342'], 409, 'NUMBER_ALREADY_ATTACHED'],
      ['san', [SAN_NUMBER, '+918062810343'], 422, 'PURPOSE_MISMATCH'],
      ['twilio', [owned, '+447700900990'], 422, 'NUMBER_NOT_AVAILABLE'],
      ['twilio', [owned, '+918062810342'], 409, 'NUMBER_ALREADY_ATTACHED'],
      ['san', [SAN_NUMBER, '+91806'], 400, 'INVALID_PHONE_NUMBER_FORMAT'],
    ];
    for (const [provider, numbers, status, reason] of refused) {
      expectError(await attach(api, { agent_id: agent.agent_id, provider, numbers }), status, reason);
    }
    expect(await storedRows(app)).toEqual(rows);
    expect(callTarget(app.simulator, owned)).toEqual({ kind: 'none' });
  });
});

describe('at Twilio', () => {
  it.each([
    ['nothing', '+6512345678'],
    ['a URL', '+12025551234'],
    ['a URL asked with GET', '+14165551234'],
    ['a trunk', '+442012345678'],
    ['an application', '+61212345678'],
  ])("the account's inbound URL takes the place of %s", async (_former, number) => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [number] });
    expect(data.status).toBe('active');

    const inboundUrl = await inboundUrlOf(api, 'twilio');
    expect(inboundUrl).toMatch(/^https?:\/\/[^/]+\/inbound\/twilio\/[A-Za-z0-9_-]{43}$/);
    expect(routeAtTwilio(app.simulator, number)).toMatchObject({
      voice_url: inboundUrl,
      voice_method: 'POST',
      status_callback: `${inboundUrl}/status`,
      status_callback_method: 'POST',
      trunk_sid: '',
      voice_application_sid: '',
      voice_receive_mode: 'voice',
    });
    expect(callTarget(app.simulator, number)).toMatchObject({ kind: 'url', voice_url: inboundUrl });
    expect(expectSuccess(await api.get(`/api/phone-number/${number}/route`), 200)).toMatchObject({
      agent: { agent_id: agent.agent_id },
      status: 'active',
    });
  });

  it('numbers that nobody has registered join the inventory', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    expect(await inventoryOf(api)).toEqual([]);
    await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: ['+14165550143', '+12025550143'] });
    expect(await inventoryOf(api)).toMatchObject([
      { phone_number: '+12025550143', provider: 'twilio', country: 'US', status: 'active' },
      { phone_number: '+14165550143', provider: 'twilio', country: 'CA', status: 'active' },
    ]);
  });

  it('many numbers that nobody has registered become active too', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const numbers = ownedNumbers(40);
    twilioRequests().clear();
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers });
    expect(data.phone_numbers).toEqual(numbers);
    await untilPasses(async () => {
      const inventory = await inventoryOf(api);
      expect(inventory.map(({ status }) => status)).toEqual(Array(40).fill('active'));
    });
    const voiceUrl = await inboundUrlOf(api, 'twilio');
    for (const number of numbers) expect(callTarget(app.simulator, number)).toMatchObject({ voice_url: voiceUrl });
  });

  it('a number of the inventory is not looked up before it is attached', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const number = ownedNumber();
    await createPhoneNumber(api, number, 'twilio');
    twilioMode().set({ fail_status: 500 });
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [number] });
    expect(data.status).toBe('pending');
    expect(await numberOf(api, number)).toMatchObject({ agent_id: agent.agent_id, status: 'pending' });

    twilioMode().clear();
    await untilPasses(async () =>
      expect(await numberOf(api, number)).toMatchObject({ status: 'active', reason: null }),
    );
    expect(callTarget(app.simulator, number)).toMatchObject({ voice_url: await inboundUrlOf(api, 'twilio') });
  });

  it('is waited for no longer than the limit; the rest happens in the background', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const number = ownedNumber();
    twilioMode().set({ latency_ms: INLINE_MS + 500, only: 'write' });
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [number] });
    expect(data).toMatchObject({
      status: 'pending',
      attached_at: expect.stringMatching(ISO_TIME) as string,
      numbers: [{ phone_number: number, status: 'pending', attached_at: data.attached_at }],
    });
    expect(callTarget(app.simulator, number)).toEqual({ kind: 'none' });

    await untilPasses(async () =>
      expect(await numberOf(api, number)).toMatchObject({ status: 'active', reason: null }),
    );
    expect(callTarget(app.simulator, number)).toMatchObject({ voice_url: await inboundUrlOf(api, 'twilio') });
    expect(await numberOf(api, number)).toMatchObject({ attached_at: data.attached_at });
  });

  it.each([
    ['busy', { fail_status: 503, fail_count: 1, only: 'write' as const }],
    ['overrun', { fail_status: 429, fail_count: 1, retry_after_s: 2, only: 'write' as const }],
    ['broken after it has done what was asked', { apply_then_fail: true, fail_count: 1, only: 'write' as const }],
  ])('a number settles when Twilio was only %s', async (_how, mode) => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const number = ownedNumber();
    twilioMode().set(mode);
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [number] });
    expect(data.status).toBe('pending');
    await untilPasses(async () =>
      expect(await numberOf(api, number)).toMatchObject({ status: 'active', reason: null }),
    );
    expect(callTarget(app.simulator, number)).toMatchObject({ voice_url: await inboundUrlOf(api, 'twilio') });
  });

  it.each([404, 400, 401, 403])('a refusal with %i makes the number inactive and says why', async (status) => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    const request = { agent_id: agent.agent_id, provider: 'twilio', numbers: [ownedNumber()] };
    twilioMode().set({ fail_status: status, only: 'write' });
    const refused = await attached(api, request);
    expect(refused).toMatchObject({
      status: 'inactive',
      numbers: [{ status: 'inactive', reason: expect.stringMatching(/^[a-z_]+$/) as string }],
    });
    expect(await inventoryOf(api)).toMatchObject([
      { agent_id: agent.agent_id, status: 'inactive', reason: refused.numbers[0]?.reason },
    ]);

    twilioMode().clear();
    const again = await attached(api, request);
    expect(again).toMatchObject({ status: 'active', numbers: [{ status: 'active', reason: null }] });
    expect(again.attached_at).toBe(refused.attached_at);
  });

  it('a number that was registered but is not owned there is attached, inactive', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    await createPhoneNumber(api, '+447700900990', 'twilio');
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: ['+447700900990'] });
    expect(data).toMatchObject({
      status: 'inactive',
      numbers: [{ status: 'inactive', reason: expect.stringMatching(/^[a-z_]+$/) as string }],
    });
  });
});

describe('at San', () => {
  it('an unknown number is taken at its word, each with an address of its own', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    const numbers = ['+918062810399', '+12025551234'];
    const data = await attached(api, { agent_id: agent.agent_id, provider: 'san', numbers });
    const inboundUrl = await inboundUrlOf(api, 'san');
    expect(data.numbers.map(({ inbound_url }) => decodeURIComponent(inbound_url ?? ''))).toEqual(
      numbers.map((number) => `${inboundUrl}/${number}`),
    );
    expect(data.numbers).toMatchObject(numbers.map(() => ({ status: 'pending', reason: 'awaiting_first_call' })));
    expect(await inventoryOf(api)).toHaveLength(2);
  });

  it('nothing is asked', async () => {
    const api = await newAccount(app, 'san');
    const agent = await createAgent(api);
    app.simulator.control.san.requests.clear();
    await attached(api, { agent_id: agent.agent_id, provider: 'san', numbers: [SAN_NUMBER] });
    expect(app.simulator.control.san.requests.read().total).toBe(0);
  });
});

describe('two accounts', () => {
  it('that name one number never meet', async () => {
    const [one, two] = [await newAccount(app, 'san'), await newAccount(app, 'san')];
    const [ofOne, ofTwo] = [await createAgent(one), await createAgent(two)];
    await createPhoneNumber(one, SAN_NUMBER, 'san', { purpose: 'TEST', label: 'secret label' });
    const atOne = await attached(one, { agent_id: ofOne.agent_id, provider: 'san', numbers: [SAN_NUMBER] });
    const before = await inventoryOf(one);
    expect(await inventoryOf(two)).toEqual([]);

    const atTwo = await attached(two, {
      agent_id: ofTwo.agent_id,
      provider: 'san',
      numbers: [SAN_NUMBER],
      reassign: true,
    });
    expect(atTwo.numbers[0]?.inbound_url).not.toBe(atOne.numbers[0]?.inbound_url);
    expect(await inventoryOf(one)).toEqual(before);
    expect(await inventoryOf(two)).toMatchObject([{ agent_id: ofTwo.agent_id, purpose: null, label: null }]);
  });

  it("do not find each other's agents", async () => {
    const [one, two] = [await newAccount(app, 'san'), await newAccount(app, 'san')];
    const foreign = await createAgent(one);
    const request = { agent_id: foreign.agent_id, provider: 'san', numbers: [SAN_NUMBER] };
    const response = await attach(two, request);
    expectError(response, 404, 'AGENT_NOT_FOUND', 'Agent not found');
    const unknown = await attach(two, { ...request, agent_id: NO_AGENT });
    expect(withoutValues(response)).toEqual(withoutValues(unknown));
    expect(await inventoryOf(two)).toEqual([]);
  });

  it("do not share a provider's credentials", async () => {
    const [one, two] = [await newAccount(app, 'twilio'), await newAccount(app)];
    const agent = await createAgent(two);
    const request = { agent_id: agent.agent_id, provider: 'twilio', numbers: [ownedNumber()] };
    expectError(await attach(two, request), 400, 'PROVIDER_NOT_CONFIGURED');
    expect(await inventoryOf(one)).toEqual([]);
  });

  it('never see a credential in an answer', async () => {
    const api = await newAccount(app, 'twilio');
    const agent = await createAgent(api);
    twilioMode().set({ fail_status: 401, only: 'write' });
    const answers = [
      await attach(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: [ownedNumber()] }),
      await attach(api, { agent_id: agent.agent_id, provider: 'twilio', numbers: ['+447700900990'] }),
      await api.get('/api/provider/twilio'),
    ];
    for (const { text } of answers) expect(text).not.toContain(SIMULATOR_CREDENTIALS.twilio.auth_token);
  });

  function withoutValues(response: Response): unknown {
    const { message, code, data } = response.body as {
      message: string;
      code: number;
      data: { reason: string; details: { field: string; message: string }[] };
    };
    return {
      message,
      code,
      reason: data.reason,
      details: data.details.map(({ field, message: text }) => [field, text]),
    };
  }
});

it('answers 504 when Twilio does not answer at all, and changes nothing', async () => {
  const response = await hanging;
  expectError(response, 504, 'PROVIDER_UNAVAILABLE', 'The provider could not be reached; nothing was changed');
  expect(await inventoryOf(hangingAccount)).toEqual([]);
});

it('has the numbers of the documentation in the seed', () => {
  expect(JSON.stringify(DEMO_SEED.san)).toContain(SAN_NUMBER);
});
