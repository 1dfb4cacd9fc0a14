import { Webhook } from 'standardwebhooks';
import { untilPasses } from '../support/until-passes';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import {
  append,
  callMessages,
  createWebhookAgent,
  deliveriesTo,
  newKey,
  type WebhookAgent,
} from '../support/webhook-messages';
import { WebhookReceiver } from '../support/webhook-receiver';

/** The rests are 20 ms, 120 ms, 480 ms and so on. */
const RETRY_BASE_MS = 20;
const TIMEOUT_MS = 1_500;

describe("Delivery to an agent's webhook", () => {
  let app: TestApp;
  let api: ApiClient;
  let accountId: string;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    app = await startTestApp({ config: { webhooks: { retryBaseMs: RETRY_BASE_MS, timeoutMs: TIMEOUT_MS } } });
    const made = await app.createToken();
    accountId = made.accountId;
    api = app.api(made.token);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.close());

  const newAgent = (path = '/hook'): Promise<WebhookAgent> =>
    createWebhookAgent(api, accountId, `${receiver.origin}${path}`);
  const statuses = async ({ agentId }: WebhookAgent) =>
    (await deliveriesTo(api, agentId)).map(({ status, reason }) => [status, reason]);

  it('is signed, in order and told of afterwards', async () => {
    const agent = await newAgent('/hook?key=secret');
    const key = newKey();
    const [first, second, third, fourth] = callMessages(agent, key);
    // Written in another order than they are to be told in.
    await append(
      app,
      [third, first, fourth, second].flatMap((message) => message ?? []),
    );
    await untilPasses(async () => {
      expect(await statuses(agent)).toEqual(Array(4).fill(['delivered', null]));
    });

    expect(receiver.steps('/hook?key=secret')).toEqual([1, 2, 3, 4]);
    const deliveries = new Map((await deliveriesTo(api, agent.agentId)).map((delivery) => [delivery.id, delivery]));
    for (const { headers, text, body } of receiver.received) {
      expect(headers['content-type']).toBe('application/json');
      expect(headers['webhook-id']).toBe(body.id);
      expect(new Webhook(agent.secret).verify(text, headers)).toEqual(body);
      const delivery = deliveries.get(body.id);
      expect(delivery).toMatchObject({
        type: body.type,
        agent_id: agent.agentId,
        payload: body,
        next_attempt_at: null,
        attempts: [{ url: `${receiver.origin}/hook`, status_code: 200, error: null, response: 'ok' }],
      });
      expect(Date.parse(delivery?.settled_at ?? '')).toBeGreaterThanOrEqual(Date.parse(body.timestamp));
    }
    expect(receiver.received.map(({ body }) => body.type)).toEqual([
      'call.initiated',
      'call.ringing',
      'call.answered',
      'call.ended',
    ]);
  });

  it('is tried again after a failure, and what comes after it waits', async () => {
    const agent = await newAgent();
    const [failing, other] = [newKey(), newKey()];
    const failed = new Set<string>();
    receiver.answer = ({ body }, response) => {
      const { call_id: key } = body.data as { call_id: string };
      if (key !== failing || failed.has(body.id)) return response.end();
      failed.add(body.id);
      return response.writeHead(500).end('not now');
    };
    await append(app, [...callMessages(agent, failing), ...callMessages(agent, other)]);
    await untilPasses(async () => {
      expect(await statuses(agent)).toEqual(Array(8).fill(['delivered', null]));
    });
    const stepsOf = (key: string) =>
      receiver.received
        .map(({ body }) => body.data as { call_id: string; step: number })
        .filter(({ call_id: callId }) => callId === key)
        .map(({ step }) => step);
    expect(stepsOf(failing)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(stepsOf(other)).toEqual([1, 2, 3, 4]);
    const tries = (await deliveriesTo(api, agent.agentId)).filter(({ payload }) =>
      JSON.stringify(payload).includes(failing),
    );
    for (const { attempts } of tries) {
      expect(attempts.map(({ status_code, response }) => [status_code, response])).toEqual([
        [500, 'not now'],
        [200, ''],
      ]);
      const [one, two] = attempts.map(({ attempted_at }) => Date.parse(attempted_at));
      expect((two ?? 0) - (one ?? 0)).toBeGreaterThanOrEqual(RETRY_BASE_MS);
    }
  });

  it('is not tried again before the receiver wants it, and neither is anything else', async () => {
    const agent = await newAgent();
    receiver.answer = (_received, response) => response.writeHead(503, { 'retry-after': '1' }).end();
    await append(app, callMessages(agent, newKey(), 1));
    await untilPasses(() => expect(receiver.received).toHaveLength(1));
    receiver.recover();
    await append(app, callMessages(agent, newKey(), 1));
    await untilPasses(async () => {
      expect(await statuses(agent)).toEqual(Array(2).fill(['delivered', null]));
    });
    const [first, second] = await deliveriesTo(api, agent.agentId);
    const sentAt = Date.parse(first?.attempts[0]?.attempted_at ?? '');
    for (const attempt of [first?.attempts[1], second?.attempts[0]]) {
      expect(Date.parse(attempt?.attempted_at ?? '') - sentAt).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('ends with 410: the webhook is disabled until its URL is named again', async () => {
    const agent = await newAgent();
    receiver.answer = (_received, response) => response.writeHead(410).end();
    await append(app, callMessages(agent, newKey()));
    const dead = ['dead', 'endpoint_disabled'];
    await untilPasses(async () => expect(await statuses(agent)).toEqual(Array(4).fill(dead)));
    expect(receiver.steps('/hook')).toEqual([1]);

    receiver.recover();
    await append(app, callMessages(agent, newKey(), 1));
    await untilPasses(async () => expect(await statuses(agent)).toEqual(Array(5).fill(dead)));
    expect(receiver.received).toHaveLength(1);

    await api.patch(`/api/agent/${agent.agentId}`).send({ webhook_url: `${receiver.origin}/hook` });
    await append(app, callMessages(agent, newKey(), 1));
    await untilPasses(() => expect(receiver.received).toHaveLength(2));
  });

  it('is given up when the agent is deleted or has no URL any more', async () => {
    const [deleted, silent] = [await newAgent(), await newAgent()];
    await api.delete(`/api/agent/${deleted.agentId}`);
    await api.patch(`/api/agent/${silent.agentId}`).send({ webhook_url: null });
    await append(app, [...callMessages(deleted, newKey(), 2), ...callMessages(silent, newKey(), 2)]);
    await untilPasses(async () => {
      expect(await statuses(deleted)).toEqual(Array(2).fill(['dead', 'agent_deleted']));
      expect(await statuses(silent)).toEqual(Array(2).fill(['dead', 'no_webhook_url']));
    });
    expect(receiver.received).toEqual([]);
  });

  it('does not follow a redirect', async () => {
    const agent = await newAgent();
    receiver.answer = (_received, response) =>
      response.writeHead(307, { location: `${receiver.origin}/elsewhere` }).end();
    await append(app, callMessages(agent, newKey(), 1));
    await untilPasses(async () => {
      const [delivery] = await deliveriesTo(api, agent.agentId);
      expect(delivery).toMatchObject({
        status: 'pending',
        attempts: expect.arrayContaining([expect.anything()]) as unknown,
      });
    });
    receiver.recover();
    await untilPasses(async () => expect(await statuses(agent)).toEqual([['delivered', null]]));
    const [delivery] = await deliveriesTo(api, agent.agentId);
    expect(delivery?.attempts[0]).toMatchObject({ status_code: 307, error: null });
    expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/hook']));
  });

  it('gives up a try at its time limit', async () => {
    const agent = await newAgent();
    receiver.answer = () => undefined;
    await append(app, callMessages(agent, newKey(), 1));
    const first = async () => (await deliveriesTo(api, agent.agentId))[0]?.attempts[0];
    await untilPasses(async () => {
      expect(await first()).toMatchObject({ status_code: null, error: 'timeout', response: null });
    });
    expect((await first())?.latency_ms).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect((await first())?.latency_ms).toBeLessThan(TIMEOUT_MS + 1_000);
  });

  it('keeps the first kibibyte of an answer, and does not wait for its end', async () => {
    const agent = await newAgent();
    receiver.answer = (_received, response) => response.write('a'.repeat(5_000));
    await append(app, callMessages(agent, newKey(), 1));
    await untilPasses(async () => expect(await statuses(agent)).toEqual([['delivered', null]]));
    const [delivery] = await deliveriesTo(api, agent.agentId);
    expect(delivery?.attempts).toMatchObject([{ status_code: 200, response: 'a'.repeat(1_024) }]);
  });

  it('to one agent is not delayed by another whose server is slow, even at the same host', async () => {
    const [slow, quick] = [await newAgent('/slow'), await newAgent('/quick')];
    const held: (() => void)[] = [];
    receiver.answer = ({ path }, response) => {
      if (path === '/slow') held.push(() => response.end());
      else response.end();
    };
    await append(app, Array.from({ length: 40 }, () => callMessages(slow, newKey(), 1)).flat());
    await untilPasses(() => expect(held.length).toBeGreaterThanOrEqual(16));
    await append(app, callMessages(quick, newKey()));
    await untilPasses(async () => expect(await statuses(quick)).toEqual(Array(4).fill(['delivered', null])), 1_000);
    expect((await statuses(slow)).filter(([status]) => status === 'delivered')).toEqual([]);
    receiver.recover();
    for (const release of held) release();
    await untilPasses(async () => expect(await statuses(slow)).toEqual(Array(40).fill(['delivered', null])));
  });

  it('arrives after a time when nobody listens, each subject in its order, and with tries to spare', async () => {
    const agent = await newAgent();
    const { port } = receiver;
    await receiver.close();
    const calls = Array.from({ length: 10 }, newKey);
    await append(
      app,
      calls.flatMap((key) => callMessages(agent, key)),
    );
    await untilPasses(async () => {
      const tried = (await deliveriesTo(api, agent.agentId)).filter(({ attempts }) => attempts.length > 0);
      expect(tried.length).toBeGreaterThanOrEqual(5);
    });

    receiver = await WebhookReceiver.start(port);
    await untilPasses(async () => expect(await statuses(agent)).toEqual(Array(40).fill(['delivered', null])));
    for (const key of calls) {
      const steps = receiver.received.map(({ body }) => body.data as { call_id: string; step: number });
      expect(steps.filter(({ call_id: callId }) => callId === key).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    }
    const tries = (await deliveriesTo(api, agent.agentId)).map(({ attempts }) => attempts.length);
    expect(Math.max(...tries)).toBeLessThan(10);
  });
});

describe('Where private addresses are refused', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    app = await startTestApp({ config: { allowPrivateUrls: false, webhooks: { retryBaseMs: RETRY_BASE_MS } } });
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])('nothing is sent to %s', async (host) => {
    const { token, accountId } = await app.createToken();
    const api = app.api(token);
    const agent = await createWebhookAgent(api, accountId, `https://${host}:${receiver.port}/hook`);
    await append(app, callMessages(agent, newKey(), 1));
    await untilPasses(async () => {
      const [delivery] = await deliveriesTo(api, agent.agentId);
      expect(delivery?.attempts[0]).toMatchObject({ status_code: null, error: 'private_address' });
    });
    expect(receiver.received).toEqual([]);
  });
});
