import { Webhook } from 'standardwebhooks';
import { Database } from '../../src/database/database';
import { expectError, expectSuccess } from '../support/envelope';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { untilPasses } from '../support/until-passes';
import { append, callMessages, createWebhookAgent, newKey, type WebhookAgent } from '../support/webhook-messages';
import { type ReceivedWebhook, WebhookReceiver } from '../support/webhook-receiver';

const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

interface Rotation {
  readonly agent_id: string;
  readonly webhook_secret: string;
  readonly previous_secret_expires_at: string;
}

describe("The secret of an agent's webhooks", () => {
  let app: TestApp;
  let api: ApiClient;
  let accountId: string;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    app = await startTestApp();
    const made = await app.createToken();
    accountId = made.accountId;
    api = app.api(made.token);
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  const newAgent = () => createWebhookAgent(api, accountId, `${receiver.origin}/hook`);
  const rotate = async ({ agentId }: WebhookAgent, body?: object): Promise<Rotation> => {
    const request = api.post(`/api/agent/${agentId}/rotate-webhook-secret`);
    return expectSuccess(await (body ? request.send(body) : request), 200) as unknown as Rotation;
  };
  const nextWebhook = async (agent: WebhookAgent): Promise<ReceivedWebhook> => {
    const before = receiver.received.length;
    await append(app, callMessages(agent, newKey(), 1));
    return untilPasses(() => {
      const received = receiver.received[before];
      if (!received) throw new Error('Nothing has come');
      return received;
    });
  };
  /** Which of the secrets the reference library accepts it with. */
  const signedWith = ({ text, headers }: ReceivedWebhook, secrets: readonly string[]): boolean[] =>
    secrets.map((secret) => {
      try {
        new Webhook(secret).verify(text, headers);
        return true;
      } catch {
        return false;
      }
    });

  it('is shown by the answer that makes the agent, and by no other', async () => {
    const agent = await newAgent();
    expect(agent.secret).toMatch(SECRET);
    const path = `/api/agent/${agent.agentId}`;
    const others = [
      await api.get(path),
      await api.get('/api/agent'),
      await api.patch(path).send({ greeting: 'Hello' }),
      await api.patch(path).send({ webhook_url: `${receiver.origin}/hook` }),
    ];
    for (const response of others) expect(JSON.stringify(expectSuccess(response, 200))).not.toContain('whsec_');
    expect(signedWith(await nextWebhook(agent), [agent.secret])).toEqual([true]);
  });

  it('is sealed in the database', async () => {
    const agent = await newAgent();
    const database = app.nest.get(Database, { strict: false });
    const rows = await database.read((manager) =>
      manager.query<Record<string, unknown>[]>('SELECT * FROM agent_webhook WHERE agent_id = ?', [agent.agentId]),
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(agent.secret.slice('whsec_'.length, -1));
  });

  it('signs beside the one before it while they overlap', async () => {
    const agent = await newAgent();
    const rotation = await rotate(agent, { overlap_s: 3_600 });
    expect(rotation).toMatchObject({
      agent_id: agent.agentId,
      webhook_secret: expect.stringMatching(SECRET) as string,
    });
    expect(rotation.webhook_secret).not.toBe(agent.secret);
    const leftS = (Date.parse(rotation.previous_secret_expires_at) - Date.now()) / 1_000;
    expect(leftS).toBeGreaterThan(3_500);
    expect(leftS).toBeLessThanOrEqual(3_600);

    const secrets = [rotation.webhook_secret, agent.secret];
    const during = await nextWebhook(agent);
    expect(during.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(signedWith(during, secrets)).toEqual([true, true]);

    const again = await rotate(agent, { overlap_s: 0 });
    const after = await nextWebhook(agent);
    expect(after.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(signedWith(after, [again.webhook_secret, ...secrets])).toEqual([true, false, false]);
  });

  it('overlaps by a day unless told otherwise, with an empty body or none', async () => {
    const agent = await newAgent();
    for (const body of [undefined, {}]) {
      const { previous_secret_expires_at: end } = await rotate(agent, body);
      const leftS = (Date.parse(end) - Date.now()) / 1_000;
      expect(leftS).toBeGreaterThan(86_300);
      expect(leftS).toBeLessThanOrEqual(86_400);
    }
  });

  it.each([{ overlap_s: -1 }, { overlap_s: 604_801 }, { overlap_s: 1.5 }, { overlap_s: '60' }, { overlap: 60 }])(
    'is not rotated with %j',
    async (body) => {
      const { agentId } = await newAgent();
      expectError(await api.post(`/api/agent/${agentId}/rotate-webhook-secret`).send(body), 422, 'VALIDATION_FAILED');
    },
  );

  it('is not rotated for a stranger, nor with the scope to read', async () => {
    const { agentId } = await newAgent();
    const path = `/api/agent/${agentId}/rotate-webhook-secret`;
    const stranger = app.api((await app.createToken({ account: 'another account' })).token);
    expectError(await stranger.post(path), 404, 'AGENT_NOT_FOUND');
    expectError(await api.post('/api/agent/nobody/rotate-webhook-secret'), 404, 'AGENT_NOT_FOUND');
    const reader = app.api((await app.createToken({ scopes: ['agents:read'] })).token);
    expectError(await reader.post(path), 403, 'FORBIDDEN');
    expectError(await api.post(path).set('Content-Type', 'application/json').send('{'), 400, 'MALFORMED_JSON');
  });

  it('is made at first need for an agent that is older than secrets', async () => {
    const [sent, rotated] = [await newAgent(), await newAgent()];
    const database = app.nest.get(Database, { strict: false });
    await database.transaction((manager) =>
      manager.query('DELETE FROM agent_webhook WHERE agent_id IN (?, ?)', [sent.agentId, rotated.agentId]),
    );
    const received = await nextWebhook(sent);
    expect(received.headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(signedWith(received, [sent.secret])).toEqual([false]);

    const { webhook_secret: secret } = await rotate(rotated);
    expect(signedWith(await nextWebhook(rotated), [secret])).toEqual([true]);
  });
});
