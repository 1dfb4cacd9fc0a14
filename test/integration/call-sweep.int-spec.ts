import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Call } from '../../src/calls/call';
import { CallWriter } from '../../src/calls/record/call-writer';
import { NumberSlotsRepository } from '../../src/calls/record/number-slots.repository';
import { newId } from '../../src/common/ids';
import type { ProviderName } from '../../src/common/provider-name';
import { Database } from '../../src/database/database';
import { DEMO_SEED, demoAccount } from '../../src/simulator/demo-seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { configureProvider, SIMULATOR_CREDENTIALS } from '../factories/provider.factory';
import { callRows, messagesByCall } from '../support/call-rows';
import { withRows } from '../support/database-dump';
import { expectSuccess } from '../support/envelope';
import { numberOf } from '../support/inventory';
import { apiOf, serviceEnv, tokenFromCli } from '../support/service-process';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { freePort, startProcess, type TestProcess } from '../support/test-process';
import { untilPasses } from '../support/until-passes';

jest.setTimeout(60_000);

const CALLER = '+12025550147';
const CALLEE = '+12025550166';
const TOLD_OF_ALL = ['call.initiated', 'call.answered', 'call.ended'];

/** A number of the provider's demo account, attached to an agent; `limit` = how many calls it may have under way. */
async function attachedNumber(
  api: ApiClient,
  provider: ProviderName,
  limit: number,
  url = 'wss://agent.example.com/media',
): Promise<string> {
  await configureProvider(api, provider);
  const connect = { type: 'websocket', url };
  // Nobody listens there; what is to be told is looked at where it waits.
  const agent = await createAgent(api, { connect, webhook_url: `http://127.0.0.1:${await freePort()}` });
  const [number] = demoAccount(provider).numbers;
  const body = { agent_id: agent.agent_id, provider, numbers: [number] };
  expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
  expectSuccess(await api.patch(`/api/phone-number/${number}`).send({ max_concurrent_calls: limit }), 200);
  return number;
}

const expectActive = async (api: ApiClient, number: string, calls: number): Promise<void> => {
  expect(await numberOf(api, number)).toMatchObject({ active_calls: calls });
};

describe('A process killed by SIGKILL with calls under way', () => {
  let simulator: Simulator;
  let database: TestDatabase;
  let port: number;
  let env: Record<string, string>;
  let first: TestProcess;
  let token: string;
  let api: ApiClient;

  const begin = async (checkAfterS: number) => {
    env = { ...env, CALL_CHECK_S: String(checkAfterS) };
    first = await startProcess({ env, port });
    token = await tokenFromCli(env);
    api = apiOf(first.url, token);
  };

  beforeEach(async () => {
    simulator = await startSimulator({ seed: DEMO_SEED });
    database = await createTestDatabase();
    port = await freePort();
    env = { ...serviceEnv(database.url, simulator), PUBLIC_URL: `http://127.0.0.1:${port}` };
  });
  afterEach(async () => {
    await simulator.close();
    await database.drop();
  });

  it('leaves no slot taken by those whose end it was not there to be told', async () => {
    await begin(1);
    const number = await attachedNumber(api, 'twilio', 3);
    const { calls } = simulator.twilio;
    const [one, two, three] = [
      await calls.receive(CALLER, number),
      await calls.receive(CALLER, number),
      await calls.receive(CALLER, number),
    ];
    expect((await calls.receive(CALLER, number)).understood).toMatchObject({ action: 'reject' });
    await expectActive(api, number, 3);

    await first.kill('SIGKILL');
    await calls.end(one.id, { status: 'completed', duration_s: 42 });
    await calls.end(two.id, { status: 'completed', duration_s: 7 });
    const second = await startProcess({ env, port });
    await untilPasses(() => expectActive(api, number, 1));

    const rows = new Map((await callRows(database)).map((row) => [row.provider_call_id, row]));
    expect(rows.get(one.id)).toMatchObject({ status: 'completed', duration_s: 42 });
    expect(rows.get(two.id)).toMatchObject({ status: 'completed', duration_s: 7 });
    expect(rows.get(three.id)).toMatchObject({ status: 'in_progress', ended_at: null });
    const messages = await messagesByCall(database);
    expect(messages.get(rows.get(one.id)?.call_id ?? '')).toEqual(TOLD_OF_ALL);
    expect(messages.get(rows.get(three.id)?.call_id ?? '')).toEqual(TOLD_OF_ALL.slice(0, 2));

    expect((await calls.receive(CALLER, number)).understood).toMatchObject({ action: 'stream' });
    expect((await calls.receive(CALLER, number)).understood).toMatchObject({ action: 'stream' });
    expect((await calls.receive(CALLER, number)).understood).toMatchObject({ action: 'reject' });
    const metrics = await (await fetch(`${second.url}/metrics`)).text();
    expect(metrics).toContain('call_checks_total{provider="twilio",outcome="ended"} 2');
  });

  it('loses the calls whose media went through it, and gives their slots back', async () => {
    await begin(600);
    const agent = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(agent, 'listening');
    try {
      const { port: agentPort } = agent.address() as AddressInfo;
      const number = await attachedNumber(api, 'san', 1, `ws://127.0.0.1:${agentPort}`);
      const { inbound_url: url } = expectSuccess(await api.get('/api/provider/san'), 200);
      const call = simulator.san.call({
        url: `${url as string}/${number}`,
        from: CALLER,
        to: number,
        timeout_ms: 20_000,
      });
      await untilPasses(async () => expect(await callRows(database)).toMatchObject([{ status: 'in_progress' }]));
      await expectActive(api, number, 1);

      await first.kill('SIGKILL');
      await call;
      // A minute passes without a sign of life.
      const seenAt = await withRows(database, async (manager) => {
        const now = Date.now();
        await manager.query(`UPDATE phone_call SET check_at = ${now}`);
        return now - 60_000;
      });
      await startProcess({ env, port });
      await untilPasses(() => expectActive(api, number, 0));
      const [row] = await callRows(database);
      expect(row).toMatchObject({ status: 'completed', end_reason: 'connection_lost' });
      // It was answered after that.
      expect(row?.answered_at).toBeGreaterThan(seenAt);
      expect(row).toMatchObject({ ended_at: row?.answered_at, duration_s: 0 });
      expect([...(await messagesByCall(database)).values()]).toEqual([TOLD_OF_ALL]);
    } finally {
      for (const client of agent.clients) client.terminate();
      agent.close();
    }
  });
});

describe('A call whose placing was never confirmed', () => {
  let app: TestApp;
  let api: ApiClient;
  let number: string;
  let startedAt: number;

  beforeAll(async () => {
    const port = await freePort();
    const http = { port, publicUrl: `http://127.0.0.1:${port}` };
    app = await startTestApp({ config: { http, calls: { checkAfterMs: 500 } } });
    api = await newAccount(app);
    number = await attachedNumber(api, 'twilio', 1);
  });
  afterAll(() => app.close());

  /** As make-call begins it, before it asks the provider. */
  const beginCall = async (ageMs: number): Promise<string> => {
    const callId = newId('call');
    startedAt = Date.now() - ageMs;
    const database = app.nest.get(Database, { strict: false });
    const slots = app.nest.get(NumberSlotsRepository, { strict: false });
    const writer = app.nest.get(CallWriter, { strict: false });
    await database.transaction(async (manager) => {
      const [row] = await manager.query<{ account_id: string; agent_id: string; provider_account_id: string }[]>(
        `SELECT n.account_id, n.agent_id, p.provider_account_id FROM phone_number n
         JOIN provider_account p ON p.account_id = n.account_id AND p.provider = n.provider
         WHERE n.e164 = '${number}'`,
      );
      if (!row || !(await slots.take(manager, row.account_id, number))) throw new Error('no slot');
      const call: Call = {
        callId,
        accountId: row.account_id,
        direction: 'outbound',
        status: 'initiated',
        agentId: row.agent_id,
        e164: number,
        farEnd: CALLEE,
        provider: 'twilio',
        providerAccountId: row.provider_account_id,
        providerCallId: null,
        startedAt,
        answeredAt: null,
        endedAt: null,
        durationS: null,
        endReason: null,
        metadata: null,
      };
      await writer.begin(manager, { kind: 'started', call, holdsSlot: true, verdict: null });
    });
    return callId;
  };

  /** The vendor takes the call on, and its answer is lost with whoever asked; it cannot tell how the call goes either. */
  const placeAtTwilio = async (callId: string): Promise<string> => {
    const { account_sid: sid, auth_token: secret } = SIMULATOR_CREDENTIALS.twilio;
    const { inbound_url: url } = expectSuccess(await api.get('/api/provider/twilio'), 200);
    const form = {
      From: number,
      To: CALLEE,
      Url: `${url as string}?call_id=${callId}`,
      StatusCallback: `http://127.0.0.1:${await freePort()}`,
    };
    const response = await fetch(`${app.simulator.vendorUrls().twilio}/2010-04-01/Accounts/${sid}/Calls.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}` },
      body: new URLSearchParams(form),
    });
    return ((await response.json()) as { sid: string }).sid;
  };

  const placings = () => app.simulator.control.twilio.requests.read().by_method.POST ?? 0;
  const rowOf = async (callId: string) => (await callRows(app.database)).find((row) => row.call_id === callId);

  it('is taken on where the provider has it, and followed to its end', async () => {
    app.simulator.control.twilio.requests.clear();
    const callId = await beginCall(0);
    const providerCallId = await placeAtTwilio(callId);
    await untilPasses(async () => {
      expect(await rowOf(callId)).toMatchObject({ status: 'in_progress', provider_call_id: providerCallId });
    });
    await expectActive(api, number, 1);

    const { calls } = app.simulator.twilio;
    await calls.end(providerCallId, { status: 'completed', duration_s: 42 });
    await untilPasses(() => expectActive(api, number, 0));
    expect(await rowOf(callId)).toMatchObject({ status: 'completed', duration_s: 42 });
    expect((await messagesByCall(app.database)).get(callId)?.filter((type) => type !== 'call.ringing')).toEqual(
      TOLD_OF_ALL,
    );
    expect(calls.list()).toHaveLength(1);
    expect(placings()).toBe(1);
  });

  it('was not placed where the provider does not have it, and is not placed after all', async () => {
    app.simulator.control.twilio.requests.clear();
    const young = await beginCall(0);
    await untilPasses(() => {
      expect(app.simulator.control.twilio.requests.read().total).toBeGreaterThanOrEqual(2);
    });
    expect(await rowOf(young)).toMatchObject({ status: 'initiated' });
    // Two minutes pass.
    await withRows(app.database, (manager) =>
      manager.query(`UPDATE phone_call SET started_at = started_at - 120000, check_at = 1 WHERE call_id = '${young}'`),
    );
    await untilPasses(() => expectActive(api, number, 0));
    expect(await rowOf(young)).toMatchObject({ status: 'failed', end_reason: 'not_placed', provider_call_id: null });
    expect((await messagesByCall(app.database)).get(young)).toEqual(['call.initiated', 'call.ended']);
    expect(placings()).toBe(0);
  });

  it('is not mistaken for another call to the same number', async () => {
    const { calls } = app.simulator.twilio;
    const other = await beginCall(0);
    const known = await placeAtTwilio(other);
    await untilPasses(async () => expect(await rowOf(other)).toMatchObject({ provider_call_id: known }));
    expectSuccess(await api.patch(`/api/phone-number/${number}`).send({ max_concurrent_calls: 2 }), 200);
    const lost = await beginCall(125_000);
    await untilPasses(async () => expect(await rowOf(lost)).toMatchObject({ status: 'failed' }));
    expect(await rowOf(lost)).toMatchObject({ end_reason: 'not_placed', provider_call_id: null });
    await calls.end(known, { status: 'completed', duration_s: 1 });
    await untilPasses(() => expectActive(api, number, 0));
  });
});
