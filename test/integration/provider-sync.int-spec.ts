import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Response } from 'supertest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { withRows } from '../support/database-dump';
import { EndlessTwilio } from '../support/endless-twilio';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { numberOf } from '../support/inventory';
import { SeededRandom, seedOf } from '../support/seeded-random';
import { apiOf, serviceEnv, tokenFromCli } from '../support/service-process';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startProcess, type TestProcess } from '../support/test-process';
import { newTwilioInventory, useTwilio } from '../support/twilio-inventory';

jest.setTimeout(90_000);

const SYNC = '/api/provider/twilio/sync';
const MIB = 1_024 * 1_024;
const seed = seedOf('SYNC_SEED');

type State = Record<string, unknown> & { readonly status: string; readonly added: number };

const post = (api: ApiClient): Promise<Response> => Promise.resolve(api.post(SYNC));
const state = async (api: ApiClient) => expectSuccess(await api.get(SYNC), 200) as State;

describe('Processes that share a database', () => {
  let simulator: Simulator;
  let database: TestDatabase;
  let env: Record<string, string>;
  let token: string;
  const processes: TestProcess[] = [];

  const start = async (): Promise<ApiClient> => {
    const started = await startProcess({ env });
    processes.push(started);
    return apiOf(started.url, token);
  };
  const numbersStored = () =>
    withRows(database, async (manager) => {
      const [row] = await manager.query<{ stored: number | string }[]>('SELECT COUNT(*) AS stored FROM phone_number');
      return Number(row?.stored);
    });

  beforeEach(async () => {
    simulator = await startSimulator();
    database = await createTestDatabase();
    env = { ...serviceEnv(database.url, simulator), SYNC_INTERVAL_S: '0' };
    const first = await startProcess({ env });
    processes.push(first);
    token = await tokenFromCli(env);
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((each) => each.kill('SIGKILL')));
    await simulator.close();
    await database.drop();
  });

  it('let one of them sync at a time; when it is killed another goes on, and nothing is counted twice or lost', async () => {
    const TOTAL = 6_500;
    const apis = [apiOf(processes[0]?.url ?? '', token), await start()];
    const [one, other] = apis as [ApiClient, ApiClient];
    await useTwilio(one, await newTwilioInventory(simulator, TOTAL));
    simulator.control.twilio.mode.set({ latency_ms: 400 });
    simulator.control.twilio.requests.clear();

    // The winner is killed, so that its request never ends.
    const answers = apis.map((api) =>
      post(api).then(
        (response) => response,
        () => null,
      ),
    );
    const { answer, index } = await Promise.race(answers.map(async (each, index) => ({ answer: await each, index })));
    if (answer) expectError(answer, 409, 'SYNC_IN_PROGRESS');
    const [winner, loser] = index === 0 ? [processes[1], one] : [processes[0], other];
    await eventually(
      () => state(loser),
      ({ added }) => added >= 2_000,
    );
    await winner?.kill('SIGKILL');
    expect(answer).not.toBeNull();
    expect(await Promise.all(answers)).toContain(null);
    const left = await state(loser);
    expect(left).toMatchObject({ status: 'running', unchanged: 0, gone: 0 });
    expect(left.added).toBeLessThan(TOTAL);
    expect(await numbersStored()).toBe(left.added);
    // The dead process still has the claim.
    expectError(await post(loser), 409, 'SYNC_IN_PROGRESS');

    simulator.control.twilio.mode.clear();
    await withRows(database, (manager) => manager.query('UPDATE provider_sync SET claimed_until = 0'));
    const done = await eventually(
      () => state(loser),
      ({ status }) => status === 'completed',
    );
    expect(done).toMatchObject({ added: TOTAL, updated: 0, unchanged: 0, gone: 0, started_at: left.started_at });
    expect(await numbersStored()).toBe(TOTAL);
    // Every page once, but for the one that the killed process may have been reading.
    expect(simulator.control.twilio.requests.read().total).toBeLessThanOrEqual(8);
  });
});

it('A process imports 100,000 numbers in bounded memory', async () => {
  const TOTAL = 100_000;
  const twilio = await EndlessTwilio.start();
  const simulator = await startSimulator();
  const database = await createTestDatabase();
  const env = { ...serviceEnv(database.url, simulator), PROVIDER_TWILIO_URL: twilio.url, SYNC_INTERVAL_S: '0' };
  const { pid, url, kill } = await startProcess({ env });
  try {
    const api = apiOf(url, await tokenFromCli(env));
    await configureProvider(api, 'twilio');
    twilio.count = 3_000;
    expectSuccess(await post(api), 200);
    const before = residentBytes(pid);

    twilio.count = TOTAL;
    let most = before;
    const answer = post(api);
    const done = await eventually(
      async () => {
        most = Math.max(most, residentBytes(pid));
        await delay(100);
        return state(api);
      },
      ({ status, added }) => status === 'completed' && added > 0,
      60_000,
    );
    expect([200, 202]).toContain((await answer).status);
    expect(done).toMatchObject({ added: TOTAL - 3_000, unchanged: 3_000, gone: 0 });
    // The list is 100 MiB of JSON, and as much again when it is parsed.
    expect((most - before) / MIB).toBeLessThan(100);
  } finally {
    await kill('SIGKILL');
    await twilio.close();
    await simulator.close();
    await database.drop();
  }
});

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1_024;
}

describe(`A sync that runs while numbers are attached and detached (SYNC_SEED=${seed})`, () => {
  const WORKERS = 3;
  const EACH = 5;
  const ROUNDS = 8;
  let app: TestApp;
  let api: ApiClient;

  beforeAll(async () => {
    app = await startTestApp({ config: { routing: { inlineMs: 0 } } });
    api = await newAccount(app);
  });
  afterAll(() => app.close());

  it('changes the agent of no number, and lets every change through', async () => {
    const inventory = await newTwilioInventory(app.simulator, WORKERS * EACH);
    await useTwilio(api, inventory);
    // Half of each worker's numbers are not on the list: while attached they are found to be gone, again and again.
    const foreign = Array.from({ length: WORKERS * EACH }, (_, index) => `+1202555${String(3_000 + index)}`);
    await createPhoneNumbers(api, foreign, 'twilio');
    const agents = [(await createAgent(api)).agent_id, (await createAgent(api)).agent_id];

    let isOver = false;
    let syncs = 0;
    const syncing = (async () => {
      while (!isOver) {
        expectSuccess(await post(api), 200);
        syncs += 1;
      }
    })();
    const workers = Array.from({ length: WORKERS }, async (_, worker) => {
      const mine = (all: readonly string[]) => all.slice(worker * EACH, (worker + 1) * EACH);
      await changeAtRandom(
        api,
        [...mine(inventory.numbers), ...mine(foreign)],
        agents,
        new SeededRandom(seed + worker),
      );
    });
    await Promise.all(workers).finally(() => (isOver = true));
    await syncing;
    expect(syncs).toBeGreaterThan(3);
  });

  /** Attaches, moves and detaches numbers that nobody else touches, and checks each time whose they are. */
  async function changeAtRandom(
    client: ApiClient,
    numbers: readonly string[],
    agents: readonly string[],
    random: SeededRandom,
  ): Promise<void> {
    const holders = new Map<string, string | null>(numbers.map((number) => [number, null]));
    for (let round = 0; round < ROUNDS; round++) {
      const [agent_id = ''] = random.shuffled(agents);
      const some = random.shuffled(numbers).slice(0, random.integer(1, numbers.length));
      const mine = some.filter((number) => holders.get(number) === agent_id);
      if (random.integer(0, 2) === 0 && mine.length > 0) {
        const body = { agent_id, numbers: mine };
        expectSuccess(await client.post('/api/agent/detach-phone-number').send(body), 200);
        for (const number of mine) holders.set(number, null);
      } else {
        const body = { agent_id, provider: 'twilio', numbers: some, reassign: true };
        expectSuccess(await client.post('/api/agent/attach-phone-number').send(body), 200);
        for (const number of some) holders.set(number, agent_id);
      }
      for (const number of some) {
        expect([number, (await numberOf(client, number)).agent_id]).toEqual([number, holders.get(number)]);
      }
    }
    for (const [number, holder] of holders) expect((await numberOf(client, number)).agent_id).toBe(holder);
  }
});
