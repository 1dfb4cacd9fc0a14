import type { Response } from 'supertest';
import type { ErrorReason } from '../../src/common/errors/error-catalog';
import type { ProviderName } from '../../src/common/provider-name';
import { DEMO_TWILIO } from '../../src/simulator/twilio/twilio.demo';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber, someNumbers } from '../factories/phone-number.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { inventoryOf, numberOf } from '../support/inventory';
import { sendRaw } from '../support/raw-body';
import { storedRows } from '../support/stored-rows';
import { inboundUrlOf, newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { changeAtTwilio } from '../support/twilio-console';
import { callTarget, routeAtTwilio } from '../support/twilio-side';
import { untilPasses } from '../support/until-passes';

const PATH = '/api/agent/detach-phone-number';
const NO_AGENT = 'agent_01arz3ndektsv4rrffq69g5fav';
const [ONE, TWO, THREE, FOUR] = ['+918062810341', '+918062810342', '+918062810343', '+918062810344'] as const;
const NOT_ATTACHED = { agent_id: null, status: 'inactive', attached_at: null };

let app: TestApp;

const twilioNumbers = someNumbers(60);
let used = 0;
/** A number that the simulated Twilio account owns and no other test speaks of. */
function ownedNumber(): string {
  used += 1;
  return String(twilioNumbers[used - 1]);
}

const twilioMode = () => app.simulator.control.twilio.mode;

beforeAll(async () => {
  app = await startTestApp();
  const generate = { first: String(twilioNumbers[0]), count: twilioNumbers.length };
  await app.simulator.seed({ twilio: { accounts: [{ ...DEMO_TWILIO, generate }] } });
});

afterEach(() => twilioMode().clear());

afterAll(() => app?.close());

/** Sends at once; a request of supertest's would wait until it is awaited. */
async function detach(api: ApiClient, body: object): Promise<Response> {
  return api.post(PATH).send(body);
}

async function attach(api: ApiClient, body: object): Promise<Response> {
  return api.post('/api/agent/attach-phone-number').send(body);
}

/** A fresh account with an agent that has these numbers, all settled at the provider. */
async function agentWith(provider: ProviderName, ...numbers: string[]): Promise<[ApiClient, string]> {
  const api = await newAccount(app, provider);
  const { agent_id } = await createAgent(api);
  const data = expectSuccess(await attach(api, { agent_id, provider, numbers }), 200);
  if (provider === 'twilio') expect(data.status).toBe('active');
  return [api, agent_id];
}

/** Waits until there is nothing left to tell the provider. */
async function settled(api: ApiClient, phoneNumber: string): Promise<void> {
  await untilPasses(async () => {
    const page = expectSuccess(await api.get(`/api/phone-number/${phoneNumber}/route`), 200);
    const route = page.provider_route as { generation: number; confirmed_generation: number };
    expect(route.confirmed_generation).toBe(route.generation);
  });
}

describe('detach', () => {
  it('takes numbers from their agent and keeps them in the inventory', async () => {
    const [api, agent_id] = await agentWith('san', ONE, TWO, THREE);
    const data = expectSuccess(await detach(api, { agent_id, numbers: [THREE, ONE] }), 200);
    expect(data).toMatchObject({ agent_id, phone_numbers: [THREE, ONE] });
    expect(await inventoryOf(api)).toMatchObject([
      { phone_number: ONE, ...NOT_ATTACHED },
      { phone_number: TWO, agent_id, status: 'pending' },
      { phone_number: THREE, ...NOT_ATTACHED },
    ]);
    expect(expectSuccess(await api.get(`/api/agent/${agent_id}`), 200)).toMatchObject({
      phone_numbers: [TWO],
      phone_number_count: 1,
    });
  });

  it('counts a number that is named twice once', async () => {
    const [api, agent_id] = await agentWith('san', ONE, TWO);
    const data = expectSuccess(await detach(api, { agent_id, numbers: [TWO, ONE, TWO] }), 200);
    expect(data).toMatchObject({ phone_numbers: [TWO, ONE] });
  });

  it('takes numbers of several providers at once', async () => {
    const number = ownedNumber();
    const [api, agent_id] = await agentWith('twilio', number);
    await createPhoneNumber(api, ONE, 'san');
    expectSuccess(await api.put('/api/provider/san').send({ credentials: { app_id: '2' } }), 200);
    expectSuccess(await attach(api, { agent_id, provider: 'san', numbers: [ONE] }), 200);
    expectSuccess(await detach(api, { agent_id, numbers: [number, ONE] }), 200);
    expect(await inventoryOf(api)).toMatchObject([NOT_ATTACHED, NOT_ATTACHED]);
  });

  it('takes 1,000 numbers, and no more', async () => {
    const numbers = someNumbers(1_000);
    const [api, agent_id] = await agentWith('san', ...numbers);
    const tooMany = await detach(api, { agent_id, numbers: [...numbers, ONE] });
    expect(expectError(tooMany, 422, 'VALIDATION_FAILED')).toMatchObject([{ field: 'numbers' }]);
    expectSuccess(await detach(api, { agent_id, numbers }), 200);
    expect(expectSuccess(await api.get(`/api/agent/${agent_id}`), 200)).toMatchObject({ phone_number_count: 0 });
  });

  it('done again is 409, and the numbers are free for others', async () => {
    const [api, agent_id] = await agentWith('san', ONE);
    const other = await createAgent(api);
    expectSuccess(await detach(api, { agent_id, numbers: [ONE] }), 200);
    expectError(await detach(api, { agent_id, numbers: [ONE] }), 409, 'NUMBER_NOT_ATTACHED');
    expectSuccess(await attach(api, { agent_id: other.agent_id, provider: 'san', numbers: [ONE] }), 200);
    expect(await numberOf(api, ONE)).toMatchObject({ agent_id: other.agent_id });
  });
});

describe('all or nothing', () => {
  it('answers 409 with every number that is not attached to that agent, and detaches none', async () => {
    const [api, agent_id] = await agentWith('san', ONE, TWO);
    const other = await createAgent(api);
    expectSuccess(await attach(api, { agent_id: other.agent_id, provider: 'san', numbers: [THREE] }), 200);
    await createPhoneNumber(api, FOUR, 'san');
    const rows = await storedRows(app);

    const numbers = [ONE, THREE, TWO, FOUR, '+918062810349'];
    const details = expectError(await detach(api, { agent_id, numbers }), 409, 'NUMBER_NOT_ATTACHED');
    expect(details.map(({ field, value }) => [field, value])).toEqual([
      ['numbers[1]', THREE],
      ['numbers[3]', FOUR],
      ['numbers[4]', '+918062810349'],
    ]);
    expect(await storedRows(app)).toEqual(rows);
  });

  it('leaves the provider alone too', async () => {
    const number = ownedNumber();
    const [api, agent_id] = await agentWith('twilio', number);
    const route = routeAtTwilio(app.simulator, number);
    app.simulator.control.twilio.requests.clear();
    expectError(await detach(api, { agent_id, numbers: [number, ONE] }), 409, 'NUMBER_NOT_ATTACHED');
    expect(app.simulator.control.twilio.requests.read().total).toBe(0);
    expect(routeAtTwilio(app.simulator, number)).toEqual(route);
  });
});

describe('the checks', () => {
  let token: string;
  let api: ApiClient;
  let agentId: string;
  let rows: Awaited<ReturnType<typeof storedRows>>;

  beforeAll(async () => {
    ({ token } = await app.createToken({ account: 'detach checks' }));
    api = app.api(token);
    expectSuccess(await api.put('/api/provider/san').send({ credentials: { app_id: '2' } }), 200);
    agentId = (await createAgent(api)).agent_id;
    expectSuccess(await attach(api, { agent_id: agentId, provider: 'san', numbers: [ONE] }), 200);
    rows = await storedRows(app);
  });

  afterEach(async () => expect(await storedRows(app)).toEqual(rows));

  const bodyWith = (changes: object) => ({ agent_id: agentId, numbers: [ONE], ...changes });

  it.each<[string, object, number, ErrorReason]>([
    ['no agent_id', { agent_id: undefined }, 400, 'AGENT_ID_REQUIRED'],
    ['agent_id null', { agent_id: null }, 400, 'AGENT_ID_REQUIRED'],
    ['a blank agent_id', { agent_id: ' ' }, 400, 'AGENT_ID_REQUIRED'],
    ['no numbers', { numbers: undefined }, 400, 'NUMBERS_REQUIRED'],
    ['numbers null', { numbers: null }, 400, 'NUMBERS_REQUIRED'],
    ['an empty list', { numbers: [] }, 400, 'NUMBERS_REQUIRED'],
    ['a number instead of a list', { numbers: ONE }, 422, 'VALIDATION_FAILED'],
    ['an object instead of a list', { numbers: { 0: ONE } }, 422, 'VALIDATION_FAILED'],
    ['an element that is no string', { numbers: [ONE, 5] }, 422, 'VALIDATION_FAILED'],
    ['an agent_id that is no string', { agent_id: 5 }, 422, 'VALIDATION_FAILED'],
    ['an unknown member', { reassign: true }, 422, 'VALIDATION_FAILED'],
    ['a number that is not E.164', { numbers: [ONE, '918062810341'] }, 400, 'INVALID_PHONE_NUMBER_FORMAT'],
    ['an unknown agent', { agent_id: NO_AGENT }, 404, 'AGENT_NOT_FOUND'],
    ['an agent_id that is none', { agent_id: "x' OR '1'='1" }, 404, 'AGENT_NOT_FOUND'],
  ])('%s', async (_what, changes, status, reason) => {
    expectError(await detach(api, bodyWith(changes)), status, reason);
  });

  it('come in their order', async () => {
    const faults: [object, number, ErrorReason][] = [
      [{ agent_id: undefined }, 400, 'AGENT_ID_REQUIRED'],
      [{ numbers: [] }, 400, 'NUMBERS_REQUIRED'],
      [{ more: 1 }, 422, 'VALIDATION_FAILED'],
      [{ numbers: [TWO, '+91806'] }, 400, 'INVALID_PHONE_NUMBER_FORMAT'],
      [{ agent_id: NO_AGENT, numbers: [TWO] }, 404, 'AGENT_NOT_FOUND'],
      [{ numbers: [TWO] }, 409, 'NUMBER_NOT_ATTACHED'],
    ];
    for (const [index, [, status, reason]] of faults.entries()) {
      const later = faults.slice(index).reverse();
      const body = later.reduce((all, [changes]) => ({ ...all, ...changes }), bodyWith({}));
      expectError(await detach(api, body), status, reason);
    }
  });

  it('401, 403, 413, 415 and malformed JSON come before', async () => {
    const body = JSON.stringify(bodyWith({}));
    expectError(await detach(app.api(), bodyWith({})), 401, 'UNAUTHENTICATED');
    expectError(await sendRaw(api.post(PATH), body + ' '.repeat(300_000)), 413, 'PAYLOAD_TOO_LARGE');
    expectError(await sendRaw(api.post(PATH), body, 'text/plain'), 415, 'UNSUPPORTED_MEDIA_TYPE');
    expectError(await sendRaw(api.post(PATH), body.slice(1)), 400, 'MALFORMED_JSON');
  });

  it("404 for another account's agent, whose number stays", async () => {
    const stranger = await newAccount(app, 'san');
    const before = await inventoryOf(api);
    expectError(await detach(stranger, bodyWith({})), 404, 'AGENT_NOT_FOUND', 'Agent not found');
    expect(await inventoryOf(api)).toEqual(before);
    rows = await storedRows(app);
  });

  it("409 for another account's attachment of the same number", async () => {
    const stranger = await newAccount(app, 'san');
    const agent = await createAgent(stranger);
    rows = await storedRows(app);
    const response = await detach(stranger, { agent_id: agent.agent_id, numbers: [ONE] });
    expectError(response, 409, 'NUMBER_NOT_ATTACHED');
  });

  it('403 without the scope', async () => {
    const reader = await app.createToken({ account: 'detach checks', scopes: ['numbers:read', 'agents:write'] });
    rows = await storedRows(app);
    const response = await detach(app.api(reader.token), bodyWith({}));
    expectError(response, 403, 'FORBIDDEN', 'Token lacks the scope numbers:write');
  });
});

describe('the route at Twilio', () => {
  it.each([
    ['nothing', '+6512345678'],
    ['a URL and a status callback', '+12025551234'],
    ['a URL asked with GET', '+14165551234'],
    ['a trunk', '+442012345678'],
    ['an application', '+61212345678'],
  ])('is given back: %s', async (_what, number) => {
    const former = routeAtTwilio(app.simulator, number);
    const formerKind = callTarget(app.simulator, number)?.kind;
    const [api, agent_id] = await agentWith('twilio', number);
    expect(routeAtTwilio(app.simulator, number)).not.toEqual(former);

    expectSuccess(await detach(api, { agent_id, numbers: [number] }), 200);
    await settled(api, number);
    expect(routeAtTwilio(app.simulator, number)).toEqual(former);
    expect(callTarget(app.simulator, number)?.kind).toBe(formerKind);
    expect(await numberOf(api, number)).toMatchObject({ ...NOT_ATTACHED, reason: null });
  });

  it('is given back as it was the last time, not the first', async () => {
    const number = ownedNumber();
    const [api, agent_id] = await agentWith('twilio', number);
    expectSuccess(await detach(api, { agent_id, numbers: [number] }), 200);
    await settled(api, number);

    const newer = { VoiceUrl: 'https://newer.example.com/voice', VoiceMethod: 'GET' };
    await changeAtTwilio(app.simulator, number, newer);
    const former = routeAtTwilio(app.simulator, number);
    expectSuccess(await attach(api, { agent_id, provider: 'twilio', numbers: [number] }), 200);
    expectSuccess(await detach(api, { agent_id, numbers: [number] }), 200);
    await settled(api, number);
    expect(routeAtTwilio(app.simulator, number)).toEqual(former);
  });

  it.each<[string, Record<string, string>, object]>([
    [
      'another URL',
      { VoiceUrl: 'https://theirs.example.com/voice', VoiceMethod: 'POST' },
      { voice_url: 'https://theirs.example.com/voice', voice_method: 'POST' },
    ],
    ['a trunk', { TrunkSid: `TK${'b'.repeat(32)}` }, { trunk_sid: `TK${'b'.repeat(32)}` }],
    [
      'an application',
      { VoiceApplicationSid: `AP${'b'.repeat(32)}` },
      { voice_application_sid: `AP${'b'.repeat(32)}` },
    ],
    ['nothing', { VoiceUrl: '', StatusCallback: '' }, { voice_url: '', status_callback: '' }],
  ])('stays what its owner has made it with %s meanwhile, with nothing of ours left', async (_what, form, theirs) => {
    const number = ownedNumber();
    await changeAtTwilio(app.simulator, number, { VoiceUrl: 'https://former.example.com/voice' });
    const [api, agent_id] = await agentWith('twilio', number);
    await changeAtTwilio(app.simulator, number, form);

    expectSuccess(await detach(api, { agent_id, numbers: [number] }), 200);
    await settled(api, number);
    const route = routeAtTwilio(app.simulator, number);
    expect(route).toMatchObject(theirs);
    expect(JSON.stringify(route)).not.toContain('/inbound/');
  });

  it('gives back an answer URL that is still ours though its owner has set another status callback', async () => {
    const number = ownedNumber();
    await changeAtTwilio(app.simulator, number, { VoiceUrl: 'https://former.example.com/voice' });
    const [api, agent_id] = await agentWith('twilio', number);
    await changeAtTwilio(app.simulator, number, { StatusCallback: 'https://theirs.example.com/status' });
    expectSuccess(await detach(api, { agent_id, numbers: [number] }), 200);
    await settled(api, number);
    expect(callTarget(app.simulator, number)).toMatchObject({
      voice_url: 'https://former.example.com/voice',
      status_callback: 'https://theirs.example.com/status',
    });
  });

  it('is given back once Twilio can be reached again', async () => {
    const number = ownedNumber();
    await changeAtTwilio(app.simulator, number, { VoiceUrl: 'https://former.example.com/voice', VoiceMethod: 'GET' });
    const former = routeAtTwilio(app.simulator, number);
    const [api, agent_id] = await agentWith('twilio', number);
    twilioMode().set({ fail_status: 503, fail_count: 1 });
    expectSuccess(await detach(api, { agent_id, numbers: [number] }), 200);
    expect(await numberOf(api, number)).toMatchObject(NOT_ATTACHED);
    await settled(api, number);
    expect(routeAtTwilio(app.simulator, number)).toEqual(former);
  });

  it('stays ours when the number only goes to another agent', async () => {
    const number = ownedNumber();
    await changeAtTwilio(app.simulator, number, { VoiceUrl: 'https://former.example.com/voice' });
    const former = routeAtTwilio(app.simulator, number);
    const [api] = await agentWith('twilio', number);
    const other = await createAgent(api);
    const request = { agent_id: other.agent_id, provider: 'twilio', numbers: [number], reassign: true };
    expectSuccess(await attach(api, request), 200);
    expect(callTarget(app.simulator, number)).toMatchObject({ voice_url: await inboundUrlOf(api, 'twilio') });
    expectSuccess(await detach(api, { agent_id: other.agent_id, numbers: [number] }), 200);
    await settled(api, number);
    expect(routeAtTwilio(app.simulator, number)).toEqual(former);
  });
});

describe('in quick succession, while Twilio is slow', () => {
  const LATENCY_MS = 300;

  /** Each step is sent as soon as the one before is stored, long before Twilio has been told. */
  async function steps(kinds: readonly ('attach' | 'detach')[]): Promise<[ApiClient, string, Record<string, unknown>]> {
    const number = ownedNumber();
    await changeAtTwilio(app.simulator, number, { VoiceUrl: 'https://former.example.com/voice', VoiceMethod: 'GET' });
    const former = routeAtTwilio(app.simulator, number);
    const [api, agent_id] = await agentWith('twilio', number);
    twilioMode().set({ latency_ms: LATENCY_MS });
    const answers: Promise<Response>[] = [];
    for (const kind of kinds) {
      const request =
        kind === 'attach'
          ? attach(api, { agent_id, provider: 'twilio', numbers: [number] })
          : detach(api, { agent_id, numbers: [number] });
      answers.push(request);
      const holder = kind === 'attach' ? agent_id : null;
      await untilPasses(async () => expect(await numberOf(api, number)).toMatchObject({ agent_id: holder }));
    }
    for (const answer of answers) expectSuccess(await answer, 200);
    await settled(api, number);
    return [api, number, former];
  }

  it('detach, attach, detach ends with the former route', async () => {
    const [api, number, former] = await steps(['detach', 'attach', 'detach']);
    expect(routeAtTwilio(app.simulator, number)).toEqual(former);
    expect(await numberOf(api, number)).toMatchObject(NOT_ATTACHED);
  });

  it('detach, attach, detach, attach ends with ours, and the former route is not lost', async () => {
    const [api, number, former] = await steps(['detach', 'attach', 'detach', 'attach']);
    expect(callTarget(app.simulator, number)).toMatchObject({ voice_url: await inboundUrlOf(api, 'twilio') });
    const { agent_id, status } = await numberOf(api, number);
    expect(status).toBe('active');

    twilioMode().clear();
    expectSuccess(await detach(api, { agent_id: String(agent_id), numbers: [number] }), 200);
    await settled(api, number);
    expect(routeAtTwilio(app.simulator, number)).toEqual(former);
  });
});
