import { connect } from 'node:net';
import { agent as client, type Response } from 'supertest';
import { DEMO_SEED } from '../../src/simulator/demo-seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumber } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { expectJson, runCli } from '../support/cli-process';
import { withRows } from '../support/database-dump';
import { expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import type { ApiClient } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { type ProcessEnd, startProcess, type TestProcess } from '../support/test-process';

jest.setTimeout(60_000);

/** 128 and the number of SIGTERM, as a shell reports it; Node reports the signal itself. */
const EXIT_CODE = 143;

const exitCodeOf = ({ code, signal }: ProcessEnd) => (signal === 'SIGTERM' ? EXIT_CODE : code);

/** Whether anybody takes a connection at the port. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  }).then((connected) => connected === true);
}

describe('SIGTERM', () => {
  let simulator: Simulator;
  let database: TestDatabase;
  let running: TestProcess;
  let api: ApiClient;
  let token: string;
  /** Each test has its own, of those that the simulated account owns. */
  let number: string;
  const owned = ['+12025551234', '+14165551234', '+6512345678'];

  const attach = async (): Promise<Response> => {
    const { agent_id } = await createAgent(api);
    return api.post('/api/agent/attach-phone-number').send({ agent_id, provider: 'twilio', numbers: [number] });
  };
  const routeRow = () =>
    withRows(database, async (manager) => {
      const [row] = await manager.query<Record<string, unknown>[]>(
        `SELECT status, route_claim, route_due_at, route_generation - confirmed_generation AS behind
         FROM phone_number WHERE e164 = ?`,
        [number],
      );
      return row;
    });
  const arrivals = () => simulator.control.twilio.requests.read().total;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: DEMO_SEED });
    database = await createTestDatabase();
    expectJson(await runCli(database, 'migrate', '--json'));
    const created = expectJson(await runCli(database, 'token', 'create', '--account', 'A', '--scopes', '*', '--json'));
    token = created.token as string;
  });
  afterAll(async () => {
    await simulator.close();
    await database.drop();
  });
  beforeEach(async () => {
    simulator.control.twilio.mode.clear();
    running = await startProcess({
      env: {
        DATABASE_URL: database.url,
        PROVIDER_TWILIO_URL: simulator.url,
        ROUTE_INLINE_MS: '1500',
        SECRETS_KEY: Buffer.alloc(32).toString('base64'),
      },
    });
    api = client(running.url).set('token', token);
    await configureProvider(api, 'twilio');
    number = owned.pop() ?? '';
    await createPhoneNumber(api, number, 'twilio');
    simulator.control.twilio.requests.clear();
  });
  afterEach(async () => {
    await running.kill('SIGKILL');
  });

  it('lets the request that is under way finish, takes no new one, and ends with code 143', async () => {
    simulator.control.twilio.mode.set({ latency_ms: 400 });
    const answer = attach();
    await eventually(arrivals, (count) => count > 0);
    const ended = running.kill();
    await eventually(
      () => isListening(running.port),
      (listening) => !listening,
    );
    // That it is under way still, and not already answered, shows that the refusal came first.
    expect(await Promise.race([answer, Promise.resolve('under way')])).toBe('under way');

    const response = await answer;
    expect(expectSuccess(response, 200)).toMatchObject({ status: 'active' });
    expect(exitCodeOf(await ended)).toBe(EXIT_CODE);
    expect(await routeRow()).toEqual({ status: 'active', route_claim: null, route_due_at: null, behind: 0 });
  });

  it('gives back the claim on a number whose provider does not answer, so that another process goes on at once', async () => {
    simulator.control.twilio.mode.set({ hang: true });
    const answer = attach();
    await eventually(arrivals, (count) => count > 0);
    expect(await routeRow()).toMatchObject({ status: 'pending', route_claim: expect.any(String) as string });

    const ended = running.kill();
    expect(expectSuccess(await answer, 200)).toMatchObject({ status: 'pending' });
    expect(exitCodeOf(await ended)).toBe(EXIT_CODE);
    // The claim itself would have held the number for seconds more.
    const row = await routeRow();
    expect(row).toMatchObject({ status: 'pending', route_claim: null });
    expect(Number(row?.behind)).toBe(1);
    expect(Number(row?.route_due_at)).toBeLessThanOrEqual(Date.now());
  });

  it('ends at once when nothing is under way, though clients keep their connections', async () => {
    const idle = connect(running.port, '127.0.0.1');
    idle.on('error', () => undefined);
    await new Promise((resolve) => idle.once('connect', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    const startedAt = Date.now();
    expect(exitCodeOf(await running.kill())).toBe(EXIT_CODE);
    await closed;
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });
});
