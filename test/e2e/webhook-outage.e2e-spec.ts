import { Database } from '../../src/database/database';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { untilPasses } from '../support/until-passes';
import {
  append,
  callMessages,
  createWebhookAgent,
  deliveriesTo,
  hurry,
  newKey,
  type WebhookAgent,
} from '../support/webhook-messages';
import { WebhookReceiver } from '../support/webhook-receiver';

/** Rests and holds are of minutes: what is tried again meanwhile is so by mistake, or because time was moved. */
const RETRY_BASE_MS = 60_000;

describe('A receiver that fails', () => {
  let app: TestApp;
  let api: ApiClient;
  let accountId: string;
  let receiver: WebhookReceiver;
  let others = 0;

  beforeAll(async () => {
    app = await startTestApp({ config: { webhooks: { retryBaseMs: RETRY_BASE_MS } } });
    const made = await app.createToken();
    accountId = made.accountId;
    api = app.api(made.token);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.close());

  const newAgent = (path: string) => createWebhookAgent(api, accountId, `${receiver.origin}${path}`);
  const triesOf = async ({ agentId }: WebhookAgent) =>
    (await deliveriesTo(api, agentId)).map(({ attempts }) => attempts.length);
  /** Time for another agent's messages to be found and delivered twice is time for anybody's. */
  const letOthersPass = async () => {
    const path = `/other/${++others}`;
    const other = await newAgent(path);
    for (const count of [1, 2]) {
      await append(app, callMessages(other, newKey(), 1));
      await untilPasses(async () => expect(await triesOf(other)).toHaveLength(count));
      await untilPasses(() => expect(receiver.steps(path)).toHaveLength(count));
    }
  };
  const failAt = (path: string) => {
    receiver.answer = (received, response) => response.writeHead(received.path === path ? 500 : 200).end();
  };

  it('gets nothing of a call before what it has failed to take, though that was written later', async () => {
    const agent = await newAgent('/hook');
    const [first, second] = callMessages(agent, newKey(), 2);
    if (!first || !second) throw new Error('too few messages');
    failAt('/hook');
    await append(app, [first]);
    await untilPasses(async () => expect(await triesOf(agent)).toEqual([1]));
    receiver.recover();
    await append(app, [second]);
    await letOthersPass();
    expect(receiver.steps('/hook')).toEqual([1]);

    // It is not looked at again before its predecessor's time.
    const [one, two] = await deliveriesTo(api, agent.agentId);
    expect(two?.next_attempt_at).toBe(one?.next_attempt_at);
    await hurry(app);
    await untilPasses(() => expect(receiver.steps('/hook')).toEqual([1, 1, 2]));
  });

  it('is left alone after some failures, at no cost to what comes meanwhile, and then tried with one message', async () => {
    const agent = await newAgent('/down');
    failAt('/down');
    await append(app, Array.from({ length: 8 }, () => callMessages(agent, newKey(), 1)).flat());
    await untilPasses(async () => expect(await triesOf(agent)).toEqual(Array(8).fill(1)));
    await append(app, Array.from({ length: 8 }, () => callMessages(agent, newKey())).flat());
    await letOthersPass();
    expect(receiver.steps('/down')).toHaveLength(8);

    await hurry(app);
    await untilPasses(() => expect(receiver.steps('/down')).toHaveLength(9));
    await letOthersPass();
    expect(receiver.steps('/down')).toHaveLength(9);

    receiver.recover();
    await hurry(app);
    await untilPasses(async () => {
      const statuses = (await deliveriesTo(api, agent.agentId)).map(({ status }) => status);
      expect(statuses).toEqual(Array(40).fill('delivered'));
    });
    expect((await triesOf(agent)).filter((tries) => tries === 1)).toHaveLength(31);
  });

  it('gets what had to wait at once when its agent is given a URL', async () => {
    const agent = await newAgent('/old');
    failAt('/old');
    await append(app, Array.from({ length: 8 }, () => callMessages(agent, newKey(), 1)).flat());
    await untilPasses(async () => expect(await triesOf(agent)).toEqual(Array(8).fill(1)));
    await append(app, callMessages(agent, newKey(), 1));
    await letOthersPass();
    await api.patch(`/api/agent/${agent.agentId}`).send({ webhook_url: `${receiver.origin}/new` });
    await untilPasses(() => expect(receiver.steps('/new')).toEqual([1]));
  });

  it('costs messages their lives, untried, when they have been due for as long as all tries take', async () => {
    const agent = await createWebhookAgent(api, accountId, 'http://127.0.0.1:1/hook');
    failAt('/hook');
    const database = app.nest.get(Database, { strict: false });
    await database.transaction((manager) =>
      manager.query(`INSERT INTO webhook_lane (agent_id, failures, held_until) VALUES (?, 5, ?)`, [
        agent.agentId,
        Date.now() + 60_000,
      ]),
    );
    await append(app, Array.from({ length: 4 }, () => callMessages(agent, newKey(), 1)).flat());
    // All rests together are 16,351 times the first one.
    await database.transaction((manager) =>
      manager.query('UPDATE outbox_message SET due_at = due_at - ? WHERE agent_id = ?', [
        16_352 * RETRY_BASE_MS,
        agent.agentId,
      ]),
    );
    await hurry(app);
    await untilPasses(async () => {
      const found = (await deliveriesTo(api, agent.agentId)).map(({ status, reason, attempts }) => [
        status,
        reason,
        attempts.length,
      ]);
      expect(found.sort()).toEqual([...Array<unknown>(3).fill(['dead', 'expired', 0]), ['pending', null, 1]]);
    });
  });
});
