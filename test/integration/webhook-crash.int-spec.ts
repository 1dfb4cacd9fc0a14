import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { serviceEnv } from '../support/service-process';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startProcess } from '../support/test-process';
import { untilPasses } from '../support/until-passes';
import {
  append,
  callMessages,
  createWebhookAgent,
  deliveriesTo,
  newKey,
  type WebhookAgent,
} from '../support/webhook-messages';
import { WebhookReceiver } from '../support/webhook-receiver';

/** Of a try; a claim on an agent is good for fifteen seconds more. */
const TIMEOUT_MS = 2_000;
const TAKE_OVER_LIMIT_MS = 30_000;

jest.setTimeout(90_000);

describe('A process that ends while it delivers webhooks', () => {
  let simulator: Simulator;
  let database: TestDatabase;
  let env: Record<string, string>;
  let app: TestApp;
  let api: ApiClient;
  let accountId: string;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    simulator = await startSimulator();
    database = await createTestDatabase();
    env = { ...serviceEnv(database.url, simulator), WEBHOOK_TIMEOUT_MS: String(TIMEOUT_MS) };
    // Writes the messages and delivers none itself.
    app = await startTestApp({ database, config: { role: 'api' } });
    const made = await app.createToken();
    accountId = made.accountId;
    api = app.api(made.token);
  });
  afterAll(async () => {
    await app.close();
    await simulator.close();
    await database.drop();
  });
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.close());

  const newAgent = () => createWebhookAgent(api, accountId, `${receiver.origin}/hook`);
  const expectDelivered = async ({ agentId }: WebhookAgent) => {
    const statuses = (await deliveriesTo(api, agentId)).map(({ status }) => status);
    expect(statuses).toEqual(Array(4).fill('delivered'));
  };

  it('by SIGKILL: another one sends again what was under way, and goes on from there', async () => {
    const agent = await newAgent();
    receiver.answer = ({ body }, response) => {
      if (body.type !== 'call.ringing') response.end();
    };
    const first = await startProcess({ env });
    await append(app, callMessages(agent, newKey()));
    await untilPasses(() => expect(receiver.steps('/hook')).toEqual([1, 2]));
    await first.kill('SIGKILL');

    receiver.recover();
    const second = await startProcess({ env });
    await untilPasses(() => expectDelivered(agent), TAKE_OVER_LIMIT_MS);
    await second.kill();
    expect(receiver.steps('/hook')).toEqual([1, 2, 2, 3, 4]);
    const [, before, after] = receiver.received;
    expect(after?.headers['webhook-id']).toBe(before?.headers['webhook-id']);
    // Of the try that was cut short nothing is known.
    expect((await deliveriesTo(api, agent.agentId)).map(({ attempts }) => attempts.length)).toEqual([1, 1, 1, 1]);
  });

  it('by SIGTERM: what is under way is finished, and the agent is free for others at once', async () => {
    const agent = await newAgent();
    const open: (() => void)[] = [];
    receiver.answer = (_received, response) => open.push(() => response.end());
    const first = await startProcess({ env });
    await append(app, callMessages(agent, newKey()));
    await untilPasses(() => expect(open).toHaveLength(1));
    const ended = first.kill('SIGTERM');
    setTimeout(() => open[0]?.(), 500);
    expect(await ended).toEqual({ code: null, signal: 'SIGTERM' });

    receiver.recover();
    const second = await startProcess({ env });
    // Long before a claim would have lapsed.
    await untilPasses(() => expectDelivered(agent), 8_000);
    await second.kill();
    expect(receiver.steps('/hook')).toEqual([1, 2, 3, 4]);
  });
});
