import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agent as client } from 'supertest';
import { DEMO_SEED } from '../../src/simulator/demo-seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectJson, runCli } from '../support/cli-process';
import { expectSuccess } from '../support/envelope';
import type { ApiClient } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { providerUrls } from '../support/service-process';
import { startProcess, type TestProcess } from '../support/test-process';
import { callTarget, routeAtTwilio } from '../support/twilio-side';

jest.setTimeout(60_000);

const ROUTED = '+12025551234';
const WITH_TRUNK = '+442012345678';
const BY_HAND = '+918062810341';
const newKey = () => randomBytes(32).toString('base64');

describe('A restart', () => {
  let simulator: Simulator;
  let database: TestDatabase;
  let folder: string;
  let running: TestProcess;
  let api: ApiClient;
  let token: string;

  const start = async (env: Record<string, string> = {}) => {
    running = await startProcess({
      cwd: folder,
      env: {
        DATABASE_URL: database.url,
        MIGRATE: 'on',
        LOG_LEVEL: 'trace',
        ROUTE_INLINE_MS: '10000',
        ...providerUrls(simulator),
        PUBLIC_URL: 'https://voice.example.com',
        ...env,
      },
    });
    api = client(running.url).set('token', token);
  };
  const attach = async (agent_id: string, provider: string, numbers: readonly string[]) =>
    expectSuccess(await api.post('/api/agent/attach-phone-number').send({ agent_id, provider, numbers }), 200);
  /** All that the API shows of the account. */
  const everything = async () => {
    const paths = ['agent', 'phone-number', `phone-number/${ROUTED}/route`, `phone-number/${BY_HAND}/route`];
    const shown: Record<string, unknown> = {};
    for (const path of [...paths, 'provider/twilio', 'provider/san']) {
      shown[path] = expectSuccess(await api.get(`/api/${path}`), 200);
    }
    return shown;
  };

  beforeAll(async () => {
    simulator = await startSimulator({ seed: DEMO_SEED });
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'patchbay-test-'));
    expectJson(await runCli(database, 'migrate', '--json'));
    const created = expectJson(await runCli(database, 'token', 'create', '--account', 'A', '--scopes', '*', '--json'));
    token = created.token as string;
  });
  afterAll(async () => {
    await simulator.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps tokens, agents, numbers, sealed credentials and what is owed to the provider', async () => {
    await start();
    const former = routeAtTwilio(simulator, ROUTED);
    const twilio = await configureProvider(api, 'twilio');
    await configureProvider(api, 'san');
    const { agent_id } = await createAgent(api, { agent_name: 'Überlebender', llm: { model: 'x' } });
    await createPhoneNumber(api, BY_HAND, 'san', { label: 'Desk', max_concurrent_calls: 3 });
    await attach(agent_id, 'san', [BY_HAND]);
    const attached = await attach(agent_id, 'twilio', [ROUTED]);
    const before = await everything();
    await running.kill();

    // The key was made at the first start and kept beside the database.
    await start();
    expect(await everything()).toEqual(before);
    expect(await attach(agent_id, 'twilio', [ROUTED])).toEqual(attached);
    expect(await attach(agent_id, 'twilio', [WITH_TRUNK])).toMatchObject({ status: 'active' });
    expect(callTarget(simulator, WITH_TRUNK)).toMatchObject({ kind: 'url', voice_url: twilio.inbound_url });
    const detachment = { agent_id, numbers: [ROUTED] };
    expectSuccess(await api.post('/api/agent/detach-phone-number').send(detachment), 200);
    expect(routeAtTwilio(simulator, ROUTED)).toEqual(former);
    await running.kill();
    const inboundKey = (twilio.inbound_url as string).slice(-43);
    for (const secret of [token, 'fedcba9876543210', 'demo-access', inboundKey]) {
      expect(running.stdout + running.stderr).not.toContain(secret);
    }
    // It did write its log.
    expect(running.stdout).toContain('"path":"/api/agent/attach-phone-number"');
  });

  it('opens with a former key what it sealed, once the key is another', async () => {
    const [first, second] = [newKey(), newKey()];
    await start({ SECRETS_KEY: first });
    await configureProvider(api, 'twilio');
    await running.kill();

    await start({ SECRETS_KEY: second, SECRETS_KEYS_OLD: first });
    expect(expectSuccess(await api.get('/api/provider/twilio'), 200)).toMatchObject({
      configured: true,
      credentials: { auth_token: '****3210' },
    });
    const { agent_id } = await createAgent(api);
    expect(await attach(agent_id, 'twilio', ['+6512345678'])).toMatchObject({ status: 'active' });
    await running.kill();
  });
});
