import { DEMO_SEED, demoAccount } from '../../src/simulator/demo-seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { configureProvider } from '../factories/provider.factory';
import { callRows, messagesByCall } from '../support/call-rows';
import { withRows } from '../support/database-dump';
import { expectSuccess } from '../support/envelope';
import { numberOf } from '../support/inventory';
import { apiOf, serviceEnv, tokenFromCli } from '../support/service-process';
import type { ApiClient } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { freePort, startProcess, type TestProcess } from '../support/test-process';
import { untilPasses } from '../support/until-passes';

jest.setTimeout(90_000);

const PROCESSES = 3;
/** More than a process claims at once. */
const CALLS = 90;
const LATENCY_MS = 100;

describe(`${PROCESSES} processes that look after the same calls`, () => {
  const [number] = demoAccount('twilio').numbers;
  let simulator: Simulator;
  let database: TestDatabase;
  let port: number;
  let env: Record<string, string>;
  let api: ApiClient;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: DEMO_SEED });
    database = await createTestDatabase('mysql');
    port = await freePort();
    env = { ...serviceEnv(database.url, simulator), PUBLIC_URL: `http://127.0.0.1:${port}` };
    const first = await startProcess({ env, port });
    api = apiOf(first.url, await tokenFromCli(env));
    await configureProvider(api, 'twilio');
    const connect = { type: 'websocket', url: 'wss://agent.example.com/media' };
    const agent = await createAgent(api, { connect, webhook_url: `http://127.0.0.1:${await freePort()}` });
    const body = { agent_id: agent.agent_id, provider: 'twilio', numbers: [number] };
    expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
    const received = Array.from({ length: CALLS }, () => simulator.twilio.calls.receive('+12025550147', number));
    const calls = await Promise.all(received);
    await untilPasses(async () => expect(await numberOf(api, number)).toMatchObject({ active_calls: CALLS }));
    await first.kill('SIGKILL');
    for (const { id } of calls) await simulator.twilio.calls.end(id, { status: 'completed', duration_s: 5 });
    simulator.control.twilio.requests.clear();
    await makeDue();
  });
  afterEach(async () => {
    await simulator.close();
    await database.drop();
  });

  const makeDue = () =>
    withRows(database, (manager) => manager.query('UPDATE phone_call SET check_at = 1 WHERE ended_at IS NULL'));
  const start = (role: 'api' | 'worker' | 'all'): Promise<TestProcess> =>
    startProcess({ env: { ...env, ROLE: role }, ...(role === 'api' ? { port } : {}) });
  const expectAllEnded = async (): Promise<void> => {
    const rows = await callRows(database);
    expect(rows).toHaveLength(CALLS);
    expect(rows.filter(({ status, duration_s }) => status !== 'completed' || duration_s !== 5)).toEqual([]);
    expect(await numberOf(api, number)).toMatchObject({ active_calls: 0 });
  };
  /** How often each call was asked for. */
  const questions = (): number[] => {
    const counts = new Map<string, number>();
    for (const { path } of simulator.control.twilio.requests.read().entries) {
      if (path.includes('/Calls/')) counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    return [...counts.values()];
  };

  it('ask for each of them once, and tell of each end once', async () => {
    simulator.control.twilio.mode.set({ latency_ms: LATENCY_MS });
    await Promise.all([start('api'), ...Array.from({ length: PROCESSES }, () => start('all'))]);
    await untilPasses(expectAllEnded, 30_000);
    expect(questions()).toEqual(Array<number>(CALLS).fill(1));
    const messages = [...(await messagesByCall(database)).values()];
    expect(messages).toEqual(Array<string[]>(CALLS).fill(['call.initiated', 'call.answered', 'call.ended']));
  });

  it('go on with those of one that is killed, once its claims have lapsed', async () => {
    await start('api');
    simulator.control.twilio.mode.set({ hang: true });
    const killed = await start('all');
    await untilPasses(() => expect(simulator.control.twilio.requests.read().total).toBeGreaterThanOrEqual(4));
    await killed.kill('SIGKILL');
    simulator.control.twilio.mode.clear();
    simulator.control.twilio.requests.clear();
    const claims = () =>
      withRows(database, (manager) =>
        manager.query<unknown[]>('SELECT 1 FROM phone_call WHERE check_claim IS NOT NULL AND check_at > 1'),
      );
    const held = (await claims()).length;
    expect(held).toBeGreaterThanOrEqual(4);

    await start('all');
    await untilPasses(async () => {
      expect((await callRows(database)).filter(({ status }) => status === 'completed')).toHaveLength(CALLS - held);
    });
    expect(await claims()).toHaveLength(held);
    await makeDue();
    await untilPasses(expectAllEnded);
    expect(questions()).toEqual(Array<number>(CALLS).fill(1));
  });
});
