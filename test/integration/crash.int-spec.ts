import { setTimeout as delay } from 'node:timers/promises';
import { startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { someNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { type Order, type Outcome, sendOrder } from '../support/attach-orders';
import { expectSuccess } from '../support/envelope';
import { untilPasses } from '../support/until-passes';
import { inventoryOf } from '../support/inventory';
import { SeededRandom, seedOf } from '../support/seeded-random';
import { apiOf, serviceEnv, tokenFromCli } from '../support/service-process';
import { newAccount } from '../support/test-account';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';
import { createTestDatabase } from '../support/test-database';
import { startProcess } from '../support/test-process';
import { expectSettled, routesAtTwilio, twilioSeed } from '../support/twilio-routes';
import { routeAtTwilio } from '../support/twilio-side';

const BATCH = 5;
const BATCHES = 8;
const NUMBERS = someNumbers(BATCH * BATCHES);
const PROVIDER_WRITE_MS = 300;
/** A killed process holds its claims for 12 s. */
const SETTLE_LIMIT_MS = 20_000;
const seed = seedOf('CRASH_SEED');

jest.setTimeout(90_000);

/** What a batch was before, what was asked of it and, where an answer came before the end, what that said. */
interface Fate {
  readonly order: Order;
  readonly before: string | null;
  readonly wanted: string | null;
  outcome?: Outcome;
}

describe(`A process killed by SIGKILL during attaches (CRASH_SEED=${seed})`, () => {
  it('loses nothing that was told 200, halves no batch, and every route ends as its row says', async () => {
    // The kill comes before any answer, between answers, and late.
    const lives = [0, 2, 5].map((answers, index) => live(new SeededRandom(seed + index), answers));
    const fates = (await Promise.all(lives)).flat();
    expect(fates.some(({ outcome }) => outcome)).toBe(true);
    expect(fates.some(({ outcome }) => !outcome)).toBe(true);
  });
});

/** One service from its start over its sudden end, after so many answers, to its recovery. */
async function live(random: SeededRandom, answers: number): Promise<Fate[]> {
  const simulator = await startSimulator({ seed: twilioSeed(NUMBERS) });
  const database = await createTestDatabase();
  const env = serviceEnv(database.url, simulator);
  const former = routesAtTwilio(simulator, NUMBERS);
  try {
    const first = await startProcess({ env });
    const token = await tokenFromCli(env);
    const fates = await prepare(apiOf(first.url, token), random);
    simulator.control.twilio.mode.set({ latency_ms: PROVIDER_WRITE_MS, only: 'write' });
    await crash(first, token, fates, random, answers);

    const second = await startProcess({ env });
    const api = apiOf(second.url, token);
    await expectWhole(api, fates);
    await untilPasses(() => expectSettled(api, simulator, former), SETTLE_LIMIT_MS);
    await expectWhole(api, fates);
    await second.kill();
    return fates;
  } finally {
    await simulator.close();
    await database.drop();
  }
}

/** Half of the batches are attached, with their routes settled; they are to be detached, the others attached. */
async function prepare(api: ApiClient, random: SeededRandom): Promise<Fate[]> {
  await configureProvider(api, 'twilio');
  const [holder, taker] = [(await createAgent(api)).agent_id, (await createAgent(api)).agent_id];
  const provider = 'twilio' as const;
  const batches = Array.from({ length: BATCHES }, (_, index) => NUMBERS.slice(index * BATCH, (index + 1) * BATCH));
  const fates = batches.map((numbers, index): Fate => {
    const order = { provider, numbers: random.shuffled(numbers), reassign: false };
    return index < BATCHES / 2
      ? { order: { ...order, kind: 'detach', agentId: holder }, before: holder, wanted: null }
      : { order: { ...order, kind: 'attach', agentId: taker }, before: null, wanted: taker };
  });
  for (const { order, before } of fates) {
    if (before === null) continue;
    const body = { agent_id: before, provider, numbers: order.numbers };
    expect(expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200).status).toBe('active');
  }
  return random.shuffled(fates);
}

async function crash(
  { url, kill }: { url: string; kill(signal: NodeJS.Signals): Promise<unknown> },
  token: string,
  fates: readonly Fate[],
  random: SeededRandom,
  answers: number,
): Promise<void> {
  let answered = 0;
  const pauses = fates.map(() => random.integer(0, PROVIDER_WRITE_MS));
  const respite = random.integer(30, PROVIDER_WRITE_MS);
  const requests = fates.map(async (fate, index) => {
    await delay(pauses[index]);
    fate.outcome = await sendOrder(url, token, fate.order);
    answered += 1;
  });
  const settled = Promise.allSettled(requests);
  await Promise.race([untilPasses(() => expect(answered).toBeGreaterThanOrEqual(answers)), settled]);
  await delay(respite);
  await kill('SIGKILL');
  await settled;
  expect(fates.flatMap(({ outcome }) => (outcome && outcome.status !== 200 ? [outcome] : []))).toEqual([]);
}

/** Each batch is wholly as it was or wholly as asked for, and the latter where the client was told so. */
async function expectWhole(api: ApiClient, fates: readonly Fate[]): Promise<void> {
  const rows = new Map((await inventoryOf(api)).map((row) => [row.phone_number, row]));
  for (const { order, before, wanted, outcome } of fates) {
    const states = order.numbers.map((number) => {
      const row = rows.get(number);
      return { agentId: row?.agent_id ?? null, attachedAt: row?.attached_at ?? null };
    });
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(1);
    const agentId = states[0]?.agentId;
    if (!outcome) {
      expect([before, wanted]).toContain(agentId);
      continue;
    }
    expect(agentId).toBe(wanted);
    const told = order.numbers.map((number) => outcome.attachedAt.get(number));
    if (order.kind === 'attach') expect(states.map(({ attachedAt }) => Date.parse(attachedAt ?? ''))).toEqual(told);
  }
}

describe('A provider that does what it is told and loses the answer', () => {
  let app: TestApp;
  let api: ApiClient;
  let agentId: string;
  let former: ReturnType<typeof routesAtTwilio>;

  beforeAll(async () => {
    app = await startTestApp({ simulator: { seed: twilioSeed(NUMBERS) } });
    former = routesAtTwilio(app.simulator, NUMBERS);
    api = await newAccount(app, 'twilio');
    agentId = (await createAgent(api)).agent_id;
  });
  afterAll(() => app.close());

  it.each(['a URL', 'a trunk', 'an application', 'nothing'].map((kind, index) => [kind, NUMBERS[index] ?? '']))(
    'gets its former route back in the end, when that was %s',
    async (_kind, number) => {
      const before = routeAtTwilio(app.simulator, number);
      const body = { agent_id: agentId, provider: 'twilio', numbers: [number] };
      const loseNextAnswer = () =>
        app.simulator.control.twilio.mode.set({ apply_then_fail: true, fail_count: 1, only: 'write' });

      loseNextAnswer();
      const attached = expectSuccess(await api.post('/api/agent/attach-phone-number').send(body), 200);
      expect(attached).toMatchObject({ status: 'pending', numbers: [{ reason: 'provider_unavailable' }] });
      expect(routeAtTwilio(app.simulator, number)).not.toEqual(before);
      await untilPasses(() => expectSettled(api, app.simulator, former));

      loseNextAnswer();
      expectSuccess(
        await api.post('/api/agent/detach-phone-number').send({ agent_id: agentId, numbers: [number] }),
        200,
      );
      await untilPasses(() => expectSettled(api, app.simulator, former));
      expect(routeAtTwilio(app.simulator, number)).toEqual(before);
    },
  );
});
