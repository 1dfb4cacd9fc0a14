import { Database } from '../../src/database/database';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber, someNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectError, expectSuccess } from '../support/envelope';
import { numberOf } from '../support/inventory';
import { PATIENT } from '../support/patient';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { changeAtTwilio } from '../support/twilio-console';
import { newTwilioInventory, type TwilioInventory, useTwilio } from '../support/twilio-inventory';
import { untilPasses } from '../support/until-passes';

/** Nobody listens there. */
const HOOK = 'http://127.0.0.1:1/hook';
const SAN_NUMBER = '+918062810341';

interface MessageRow {
  readonly accountId: string;
  readonly type: string;
  readonly orderKey: string;
  readonly place: number;
  readonly body: string;
}

interface Told extends Record<string, unknown> {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

let app: TestApp;
let api: ApiClient;

beforeAll(async () => {
  app = await startTestApp({ config: PATIENT });
});
afterAll(() => app?.close());
beforeEach(async () => {
  api = await newAccount(app);
});

/** What an agent's webhook is to be told, in the order of its making. */
async function told(agentId: string): Promise<Told[]> {
  const rows = await app.nest.get(Database, { strict: false }).read((manager) =>
    manager.query<MessageRow[]>(
      `SELECT account_id AS accountId, type, order_key AS orderKey, place, body FROM outbox_message
       WHERE agent_id = ? ORDER BY message_id`,
      [agentId],
    ),
  );
  return rows.map(({ type, orderKey, place, body }) => {
    const message = JSON.parse(body) as Told;
    expect({ type, orderKey, place }).toEqual({ type: message.type, orderKey: message.data.phone_number, place: 0 });
    return message;
  });
}

/** The same, each as `type number status` and what it was before. */
async function summaryOf(agentId: string): Promise<string[]> {
  const messages = await told(agentId);
  return messages.map(({ type, data: { phone_number, status, previous_status } }) =>
    [type.replace('number.', ''), phone_number, ...(previous_status ? [previous_status] : []), status].join(' '),
  );
}

const follower = async (body: Record<string, unknown> = {}): Promise<string> =>
  (await createAgent(api, { webhook_url: HOOK, ...body })).agent_id;

const attach = async (agent_id: string, numbers: readonly string[], body: Record<string, unknown> = {}) =>
  api.post('/api/agent/attach-phone-number').send({ agent_id, provider: 'twilio', numbers, ...body });

const detach = async (agent_id: string, numbers: readonly string[]) =>
  api.post('/api/agent/detach-phone-number').send({ agent_id, numbers });

/** So many numbers of a Twilio account that nobody else uses. */
async function withTwilio(count: number): Promise<TwilioInventory> {
  const inventory = await newTwilioInventory(app.simulator, count);
  await useTwilio(api, inventory);
  return inventory;
}

describe('number events', () => {
  it('tell of attach, of the route that holds, and of detach', async () => {
    const [one = '', two = ''] = (await withTwilio(2)).numbers;
    const agent = await follower();
    const { attached_at } = expectSuccess(await attach(agent, [two, one]), 200);
    expectSuccess(await detach(agent, [one]), 200);

    const messages = await told(agent);
    const [first, ...others] = messages.filter(({ data }) => data.phone_number === one);
    const about = { phone_number: one, provider: 'twilio', agent_id: agent };
    expect(first).toEqual({
      id: expect.stringMatching(/^msg_[0-9a-z]{26}$/) as string,
      type: 'number.attached',
      timestamp: attached_at,
      data: { ...about, status: 'pending', reason: null, attached_at },
    });
    expect(others.map(({ type, data }) => ({ type, data }))).toEqual([
      {
        type: 'number.status_changed',
        data: { ...about, previous_status: 'pending', status: 'active', reason: null, attached_at },
      },
      { type: 'number.detached', data: { ...about, status: 'inactive', reason: null, attached_at: null } },
    ]);
    expect(messages.slice(0, 2).map(({ data }) => data.phone_number)).toEqual([two, one]);
    expect(messages).toHaveLength(5);
  });

  it('tell both agents when a number is reassigned, each once', async () => {
    const [one = '', two = ''] = (await withTwilio(2)).numbers;
    const former = await follower({ webhook_events: ['number.detached'] });
    const next = await follower();
    expectSuccess(await attach(former, [one]), 200);
    expectSuccess(await attach(next, [one, two], { reassign: true }), 200);
    expect(await summaryOf(former)).toEqual([`detached ${one} inactive`]);
    expect(await summaryOf(next)).toEqual([
      `attached ${one} active`,
      `attached ${two} pending`,
      `status_changed ${two} pending active`,
    ]);
    expectSuccess(await attach(next, [one, two]), 200);
    expect(await summaryOf(next)).toHaveLength(3);
  });

  it('are not written for agents that do not want them', async () => {
    const [one = '', two = ''] = (await withTwilio(2)).numbers;
    const { agent_id: silent } = await createAgent(api);
    const choosy = await follower({ webhook_events: ['call.ended', 'number.status_changed'] });
    const deaf = await follower({ webhook_events: [] });
    expectSuccess(await attach(silent, [one]), 200);
    expectSuccess(await attach(choosy, [two]), 200);
    expectSuccess(await attach(deaf, [one], { reassign: true }), 200);
    expect(await told(silent)).toEqual([]);
    expect(await told(deaf)).toEqual([]);
    expect(await summaryOf(choosy)).toEqual([`status_changed ${two} pending active`]);
  });

  it('are not written for what does not happen', async () => {
    const [one = '', two = ''] = (await withTwilio(2)).numbers;
    const { agent_id: other } = await createAgent(api);
    expectSuccess(await attach(other, [two]), 200);
    const agent = await follower();
    const wish = { agent_id: agent, provider: 'twilio', numbers: [one] };
    expectSuccess(await api.post('/api/agent/attach-phone-number?dry_run=true').send(wish), 200);
    expectError(await attach(agent, [one, two]), 409, 'NUMBER_ALREADY_ATTACHED');
    expectError(await detach(agent, [one]), 409, 'NUMBER_NOT_ATTACHED');
    expect(await told(agent)).toEqual([]);
  });

  it('tell of a whole set that is put in place of another, at the webhook that comes with it', async () => {
    const [one = '', two = '', three = ''] = (await withTwilio(3)).numbers;
    const { agent_id } = await createAgent(api);
    expectSuccess(await attach(agent_id, [one, two]), 200);
    const patch = { phone_numbers: [two, three], provider: 'twilio', webhook_url: HOOK };
    expectSuccess(await api.patch(`/api/agent/${agent_id}`).send(patch), 200);
    expect(await summaryOf(agent_id)).toEqual([
      `detached ${one} inactive`,
      `attached ${three} pending`,
      `status_changed ${three} pending active`,
    ]);
  });

  it('tell a deleted agent that its numbers are detached', async () => {
    const { numbers } = await withTwilio(2);
    const agent = await follower({ webhook_events: ['number.detached'] });
    expectSuccess(await attach(agent, numbers), 200);
    expectError(await api.delete(`/api/agent/${agent}`), 409, 'AGENT_HAS_PHONE_NUMBERS');
    expect(await told(agent)).toEqual([]);
    expectSuccess(await api.delete(`/api/agent/${agent}?detach=true`), 200);
    expect(await summaryOf(agent)).toEqual(numbers.map((number) => `detached ${number} inactive`));
  });

  it('are one for each of 600 numbers, in the order of the request', async () => {
    const numbers = someNumbers(600).reverse();
    await configureProvider(api, 'san');
    const agent = await follower();
    expectSuccess(await attach(agent, numbers, { provider: 'san' }), 200);
    expect(await summaryOf(agent)).toEqual(numbers.map((number) => `attached ${number} pending`));
  });
});

describe('number.status_changed', () => {
  it('tells of the first authentic call at a provider that is bound by hand, once', async () => {
    await configureProvider(api, 'san');
    const agent = await follower();
    const answer = expectSuccess(await attach(agent, [SAN_NUMBER], { provider: 'san' }), 200);
    const [{ inbound_url } = { inbound_url: '' }] = answer.numbers as { inbound_url: string }[];
    const request = () => fetch(app.url + new URL(inbound_url).pathname);
    await request();
    await request();
    const messages = await told(agent);
    expect(messages.map(({ type }) => type)).toEqual(['number.attached', 'number.status_changed']);
    expect(messages.map(({ data }) => [data.previous_status, data.status, data.reason])).toEqual([
      [undefined, 'pending', 'awaiting_first_call'],
      ['pending', 'active', null],
    ]);
  });

  it('tells of a call that asks what to do, which proves the number too', async () => {
    const number = '+918047311234';
    await configureProvider(api, 'ozonetell');
    const agent = await follower({ webhook_events: ['number.status_changed'] });
    const answer = expectSuccess(await attach(agent, [number], { provider: 'ozonetell' }), 200);
    const [{ inbound_url } = { inbound_url: '' }] = answer.numbers as { inbound_url: string }[];
    const query = `event=NewCall&sid=1234&cid=9812345678&called_number=${number.slice(1)}`;
    expect((await fetch(`${app.url}${new URL(inbound_url).pathname}?${query}`)).status).toBe(200);
    expect(await summaryOf(agent)).toEqual([`status_changed ${number} pending active`]);
  });

  it('tells what the provider refuses, and what becomes of it with other credentials', async () => {
    const { numbers } = await withTwilio(1);
    const [one = ''] = numbers;
    await createPhoneNumber(api, one, 'twilio');
    await withTwilio(0);
    const agent = await follower({ webhook_events: ['number.status_changed'] });
    expectSuccess(await attach(agent, [one]), 200);
    expect(await summaryOf(agent)).toEqual([`status_changed ${one} pending inactive`]);
    expect((await told(agent))[0]?.data).toMatchObject({ reason: 'not_owned_at_provider' });

    await withTwilio(0);
    await untilPasses(async () => {
      expect((await summaryOf(agent)).slice(1)).toEqual([
        `status_changed ${one} inactive pending`,
        `status_changed ${one} pending inactive`,
      ]);
    });
  });

  it('tells that a number is gone from the provider, and back', async () => {
    const inventory = await withTwilio(1);
    const [one = ''] = inventory.numbers;
    const agent = await follower({ webhook_events: ['number.status_changed'] });
    expectSuccess(await attach(agent, [one]), 200);
    await withTwilio(0);
    expectSuccess(await api.post('/api/provider/twilio/sync'), 200);
    expect((await told(agent))[1]?.data).toMatchObject({
      phone_number: one,
      previous_status: 'active',
      status: 'inactive',
      reason: 'gone_at_provider',
    });
    await useTwilio(api, inventory);
    expectSuccess(await api.post('/api/provider/twilio/sync'), 200);
    await untilPasses(async () => {
      expect((await summaryOf(agent)).slice(2)).toEqual([
        `status_changed ${one} inactive pending`,
        `status_changed ${one} pending active`,
      ]);
    });
  });
});

/** Settled routes are read again every second here. */
describe('number.status_changed on drift', () => {
  let drifting: TestApp;

  beforeAll(async () => {
    drifting = await startTestApp({ config: { routing: { driftIntervalMs: 1_000 } } });
  });
  afterAll(() => drifting?.close());

  it('tells that the route was changed at the provider, and put right', async () => {
    const number = '+14165551234';
    const followed = app;
    app = drifting;
    try {
      api = await newAccount(app, 'twilio');
      const agent = await follower({ webhook_events: ['number.status_changed'] });
      expectSuccess(await attach(agent, [number]), 200);
      await changeAtTwilio(app.simulator, number, { VoiceUrl: 'https://elsewhere.example.com/voice' });
      await untilPasses(async () => {
        expect(await summaryOf(agent)).toEqual([
          `status_changed ${number} pending active`,
          `status_changed ${number} active pending`,
          `status_changed ${number} pending active`,
        ]);
      });
      expect((await told(agent))[1]?.data).toMatchObject({ reason: 'route_drifted' });
      expect(await numberOf(api, number)).toMatchObject({ status: 'active' });
    } finally {
      app = followed;
    }
  });
});
