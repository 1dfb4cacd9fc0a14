import type { NewMessage } from '../../src/outbox/outbox-message';
import { expectSuccess } from '../support/envelope';
import { startTestApp, type TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { untilPasses } from '../support/until-passes';
import { append, callMessages, createWebhookAgent, newKey, type WebhookAgent } from '../support/webhook-messages';
import { WebhookReceiver } from '../support/webhook-receiver';

const AGENTS = 12;
const CALLS = 4;
/** At least. */
const ROUNDS = 10;

jest.setTimeout(60_000);

describe('Two processes that deliver from one database', () => {
  let database: TestDatabase;
  let apps: TestApp[] = [];
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    database = await createTestDatabase('mysql');
    apps = [await startTestApp({ database })];
    apps.push(await startTestApp({ database }));
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await database.drop();
    await receiver.close();
  });

  const deliveriesBy = async (app: TestApp): Promise<number> => {
    const { text } = await app.api().get('/metrics');
    return Number(/webhook_delivery_duration_seconds_count\{outcome="delivered"\} (\d+)/.exec(text)?.[1] ?? 0);
  };

  /** That step of each call, some written by one process and some by the other. */
  const appendStep = (calls: readonly NewMessage[][], step: number) =>
    Promise.all(
      apps.map((app, parity) => {
        const ofApp = calls.filter((_call, index) => index % apps.length === parity);
        return append(
          app,
          ofApp.flatMap((call) => call[step] ?? []),
        );
      }),
    );

  it('deliver every message once, in the order of its call, and share the work', async () => {
    const [app] = apps;
    if (!app) throw new Error('not started');
    const { token, accountId } = await app.createToken();
    const api = app.api(token);
    receiver.answer = (_received, response) => setTimeout(() => response.end(), 5);
    const agents: WebhookAgent[] = [];
    for (let index = 0; index < AGENTS; index++) {
      agents.push(await createWebhookAgent(api, accountId, `${receiver.origin}/${index}`));
    }
    let told = 0;
    let shares: number[] = [];
    // Whoever looks first takes all there is, so both get something only over time.
    for (let round = 0; round < ROUNDS || Math.min(...shares) === 0; round++) {
      const calls = agents.flatMap((agent) => Array.from({ length: CALLS }, () => callMessages(agent, newKey())));
      for (let step = 0; step < 4; step++) await appendStep(calls, step);
      told += calls.length * 4;
      await untilPasses(async () => {
        const pending = await api.get('/api/webhook-delivery?status=pending&limit=1');
        expect(expectSuccess(pending, 200).items).toEqual([]);
      });
      shares = await Promise.all(apps.map(deliveriesBy));
    }
    expect(shares.reduce((sum, share) => sum + share)).toBe(told);

    const stepsByCall = new Map<string, number[]>();
    for (const { body } of receiver.received) {
      const { call_id: call, step } = body.data as { call_id: string; step: number };
      stepsByCall.set(call, [...(stepsByCall.get(call) ?? []), step]);
    }
    expect([...stepsByCall.values()]).toEqual(Array(told / 4).fill([1, 2, 3, 4]));
  });
});
