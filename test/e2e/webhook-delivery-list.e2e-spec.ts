import { expectError, expectSuccess } from '../support/envelope';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { untilPasses } from '../support/until-passes';
import {
  append,
  callMessages,
  createWebhookAgent,
  deliveriesTo,
  type DeliveryView,
  hurry,
  newKey,
  type WebhookAgent,
} from '../support/webhook-messages';
import { WebhookReceiver } from '../support/webhook-receiver';

const UNKNOWN = 'msg_01kawgyqr4e3v9m2t5x8b7c6dn';

describe('The log of webhook deliveries', () => {
  let app: TestApp;
  let api: ApiClient;
  let stranger: ApiClient;
  let accountId: string;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    app = await startTestApp();
    const made = await app.createToken();
    accountId = made.accountId;
    api = app.api(made.token);
    stranger = app.api((await app.createToken({ account: 'another account' })).token);
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });
  beforeEach(() => {
    receiver.recover();
    receiver.received.length = 0;
  });

  const newAgent = (): Promise<WebhookAgent> => createWebhookAgent(api, accountId, `${receiver.origin}/hook`);
  const read = async (id: string): Promise<DeliveryView> =>
    expectSuccess(await api.get(`/api/webhook-delivery/${id}`), 200) as unknown as DeliveryView;
  const redeliver = async (id: string): Promise<DeliveryView> =>
    expectSuccess(await api.post(`/api/webhook-delivery/${id}/redeliver`), 200) as unknown as DeliveryView;
  const list = async (query: Record<string, string>, client = api) =>
    expectSuccess(await client.get('/api/webhook-delivery').query(query), 200) as unknown as {
      items: DeliveryView[];
      next_cursor: string | null;
    };
  const deliverAll = async (agent: WebhookAgent, key = newKey()): Promise<DeliveryView[]> => {
    const before = (await deliveriesTo(api, agent.agentId)).length;
    await append(app, callMessages(agent, key));
    return untilPasses(async () => {
      const all = await deliveriesTo(api, agent.agentId);
      expect(all.slice(before).map(({ status }) => status)).toEqual(Array(4).fill('delivered'));
      return all.slice(before);
    });
  };

  it('is filtered and paged, newest first', async () => {
    const [one, two] = [await newAgent(), await newAgent()];
    const all = [...(await deliverAll(one)), ...(await deliverAll(two)), ...(await deliverAll(one))];
    const ids = all.map(({ id }) => id).reverse();

    const first = await list({ limit: '5' });
    const second = await list({ limit: '100', cursor: first.next_cursor ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id).slice(0, 12)).toEqual(ids);
    const ofTwo = await list({ agent_id: two.agentId });
    expect(ofTwo.items.map(({ agent_id }) => agent_id)).toEqual(Array(4).fill(two.agentId));
    const ended = await list({ agent_id: one.agentId, type: 'call.ended', status: 'delivered' });
    expect(ended.items.map(({ type }) => type)).toEqual(['call.ended', 'call.ended']);
    expect((await list({ agent_id: one.agentId, status: 'dead' })).items).toEqual([]);
    expect((await list({ agent_id: 'no such agent' })).items).toEqual([]);
    const { items } = await list({ limit: '1' });
    expect(items[0] && (await read(items[0].id))).toEqual(items[0]);
  });

  it.each([
    { status: 'lost' },
    { type: 'call.dropped' },
    { cursor: 'nonsense' },
    { cursor: Buffer.from(JSON.stringify(['webhook-delivery', "' OR 1"])).toString('base64url') },
    { nonsense: '1' },
  ])('refuses the query %j', async (query) => {
    expectError(await api.get('/api/webhook-delivery').query(query), 422, 'VALIDATION_FAILED');
  });

  it('is closed to other accounts', async () => {
    const [delivery] = await deliverAll(await newAgent());
    const id = delivery?.id ?? '';
    expect((await list({}, stranger)).items).toEqual([]);
    for (const path of [id, UNKNOWN, 'x']) {
      expectError(await stranger.get(`/api/webhook-delivery/${path}`), 404, 'WEBHOOK_DELIVERY_NOT_FOUND');
      expectError(await stranger.post(`/api/webhook-delivery/${path}/redeliver`), 404, 'WEBHOOK_DELIVERY_NOT_FOUND');
    }
    expect((await read(id)).status).toBe('delivered');
  });

  it('is read with events:read, and delivered again with agents:write', async () => {
    const [delivery] = await deliverAll(await newAgent());
    const path = `/api/webhook-delivery/${delivery?.id}`;
    const reader = app.api((await app.createToken({ scopes: ['events:read'] })).token);
    const writer = app.api((await app.createToken({ scopes: ['agents:write'] })).token);
    expectSuccess(await reader.get(path), 200);
    expectError(await reader.post(`${path}/redeliver`), 403, 'FORBIDDEN');
    expectSuccess(await writer.post(`${path}/redeliver`), 200);
    expectError(await writer.get(path), 403, 'FORBIDDEN');
  });

  it('delivers again what was delivered, under the same id', async () => {
    const [first] = await deliverAll(await newAgent());
    const id = first?.id ?? '';
    receiver.received.length = 0;
    expect(await redeliver(id)).toMatchObject({ id, status: 'pending', settled_at: null, attempts: first?.attempts });
    await untilPasses(async () => expect((await read(id)).status).toBe('delivered'));
    expect(receiver.received.map(({ headers, body }) => [headers['webhook-id'], body])).toEqual([[id, first?.payload]]);
    expect((await read(id)).attempts).toHaveLength(2);
  });

  it('gives up after ten tries, and tries ten times again when it is told to', async () => {
    const agent = await newAgent();
    receiver.answer = (_received, response) => response.writeHead(400).end();
    const [message] = callMessages(agent, newKey());
    await append(app, message ? [message] : []);
    const only = async () => {
      const [delivery] = await deliveriesTo(api, agent.agentId);
      if (!delivery) throw new Error('There is no delivery');
      return delivery;
    };
    const untilDead = () =>
      untilPasses(async () => {
        await hurry(app);
        expect(await only()).toMatchObject({ status: 'dead', reason: 'retries_exhausted', next_attempt_at: null });
      });
    await untilDead();
    expect((await only()).attempts.map(({ status_code }) => status_code)).toEqual(Array(10).fill(400));
    expect(receiver.received).toHaveLength(10);

    await redeliver((await only()).id);
    await untilDead();
    expect(receiver.received).toHaveLength(20);

    receiver.recover();
    await redeliver((await only()).id);
    await untilPasses(async () => expect(await only()).toMatchObject({ status: 'delivered', reason: null }));
    expect(receiver.received).toHaveLength(21);
  });

  it('makes what comes before a pending one due as well', async () => {
    const agent = await newAgent();
    receiver.answer = (_received, response) => response.writeHead(503, { 'retry-after': '60' }).end();
    await append(app, callMessages(agent, newKey()));
    await untilPasses(() => expect(receiver.received).toHaveLength(1));
    const inAMinute = Date.now() + 50_000;
    const pending = await untilPasses(async () => {
      const all = await deliveriesTo(api, agent.agentId);
      expect(all.map(({ attempts }) => attempts.length)).toEqual([1, 0, 0, 0]);
      expect(all.filter(({ next_attempt_at: at }) => Date.parse(at ?? '') > inAMinute)).toHaveLength(4);
      return all;
    });

    receiver.recover();
    await redeliver(pending[2]?.id ?? '');
    await untilPasses(() => expect(receiver.steps('/hook')).toEqual([1, 1, 2, 3]));
    // What a try came to is written after it.
    await untilPasses(async () => {
      const statuses = (await deliveriesTo(api, agent.agentId)).map(({ status }) => status);
      expect(statuses).toEqual(['delivered', 'delivered', 'delivered', 'pending']);
    });
  });
});
