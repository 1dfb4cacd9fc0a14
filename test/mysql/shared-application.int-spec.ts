import type { Vendor } from '../../src/simulator/core/vendor';
import { DEMO_SEED, demoAccount } from '../../src/simulator/demo-seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectSuccess } from '../support/envelope';
import { apiOf, serviceEnv, tokenFromCli } from '../support/service-process';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startProcess, type TestProcess } from '../support/test-process';
import { untilPasses } from '../support/until-passes';

const PROCESSES = 3;
const EACH = 5;
const OURS = /^patchbay-pa_[0-9a-z]{26}$/;

jest.setTimeout(90_000);

/** The names of all applications at a vendor, in whichever way it keeps them. */
const APPLICATION_NAMES = {
  telnyx: (simulator: Simulator, account: string) =>
    [...(simulator.telnyx.account(account)?.applications.values() ?? [])].map((each) => each.friendly_name),
  vonage: (simulator: Simulator, account: string) =>
    [...(simulator.vonage.account(account)?.applications.values() ?? [])].map((each) => each.name),
  plivo: (simulator: Simulator, account: string) =>
    (simulator.plivo.account(account)?.applications() ?? []).map((each) => each.app_name),
  bandwidth: (simulator: Simulator, account: string) =>
    (simulator.bandwidth.account(account)?.applications ?? []).map((each) => each.AppName),
} as const;

const PROVIDERS = Object.keys(APPLICATION_NAMES) as (keyof typeof APPLICATION_NAMES)[];

describe(`${PROCESSES} processes that attach the first numbers of an account at once`, () => {
  let simulator: Simulator;
  let database: TestDatabase;
  let processes: TestProcess[] = [];
  let token: string;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: DEMO_SEED });
    database = await createTestDatabase('mysql');
    const env = serviceEnv(database.url, simulator);
    processes = await Promise.all(Array.from({ length: PROCESSES }, () => startProcess({ env })));
    token = await tokenFromCli(env);
  });

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await simulator.close();
    await database.drop();
  });

  it.each(PROVIDERS)('make one application at %s, and every number leads to it', async (provider) => {
    const vendor: Vendor<unknown> = simulator[provider];
    const { account } = demoAccount(provider);
    const block = 1 + PROVIDERS.indexOf(provider);
    const numbers = Array.from({ length: PROCESSES * EACH }, (_, index) => `+1212555${block}${String(100 + index)}`);
    vendor.hold(account, numbers);
    // Slow enough that a second one would be made while the first is on its way.
    simulator.control[provider].mode.set({ latency_ms: 60 });
    const apis = processes.map(({ url }) => apiOf(url, token));
    const [api] = apis;
    if (!api) throw new Error('no process');
    await configureProvider(api, provider);
    const { agent_id } = await createAgent(api);

    await Promise.all(
      numbers.map(async (number, index) => {
        const body = { agent_id, provider, numbers: [number] };
        const client = apis[index % PROCESSES];
        if (client) expectSuccess(await client.post('/api/agent/attach-phone-number').send(body), 200);
      }),
    );
    await untilPasses(async () => {
      const page = expectSuccess(await api.get(`/api/phone-number?provider=${provider}&status=active&limit=100`), 200);
      expect(page.items).toHaveLength(numbers.length);
    }, 40_000);

    simulator.control[provider].mode.clear();
    expect(APPLICATION_NAMES[provider](simulator, account).filter((name) => OURS.test(name))).toHaveLength(1);
    vendor.release(numbers[0] ?? '');
    for (const number of numbers.slice(1)) {
      const call = await vendor.calls?.receive('+12025550147', number);
      expect(call?.exchanges[0]?.url).toContain(`/inbound/${provider}/`);
    }
  });
});
