import { DEMO_SEED } from '../../src/simulator/demo-seed';
import { type Simulator, startSimulator } from '../../src/simulator/simulator';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumbers, someNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { answerFaults, attachFaults, historyFaults } from '../support/attach-history';
import { attachOrders, type Field, mixedOrders, type Order, type Outcome, raceOrders } from '../support/attach-orders';
import { untilPasses } from '../support/until-passes';
import { inventoryOf, type ListedNumber } from '../support/inventory';
import { SeededRandom, seedOf } from '../support/seeded-random';
import { apiOf, serviceEnv, tokenFromCli } from '../support/service-process';
import type { ApiClient } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startProcess, type TestProcess } from '../support/test-process';
import { expectSettled, routesAtTwilio, twilioSeed } from '../support/twilio-routes';

const PROCESSES = 3;
const REQUESTS = 240;
const NUMBERS = 40;
const AGENTS = 6;
/** The pools are cold in the first; numbers are fresh in each. */
const ROUNDS = 3;
const seed = seedOf('RACE_SEED');
const [TWILIO_NUMBERS, SAN_NUMBERS] = [someNumbers(NUMBERS), someNumbers(NUMBERS * ROUNDS * 2, NUMBERS)];

jest.setTimeout(90_000);

describe(`${REQUESTS} requests to ${PROCESSES} processes at once, ${AGENTS} agents, ${NUMBERS} numbers (RACE_SEED=${seed})`, () => {
  const random = new SeededRandom(seed);
  let simulator: Simulator;
  let database: TestDatabase;
  let processes: TestProcess[] = [];
  let api: ApiClient;
  let agents: string[];
  let race: (orders: readonly Order[]) => Promise<Outcome[]>;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: { ...DEMO_SEED, ...twilioSeed(TWILIO_NUMBERS) } });
    database = await createTestDatabase('mysql');
    const env = serviceEnv(database.url, simulator);
    processes = await Promise.all(Array.from({ length: PROCESSES }, () => startProcess({ env })));
    const urls = processes.map(({ url }) => url);
    const token = await tokenFromCli(env);
    race = (orders) => raceOrders(urls, token, orders);
    api = apiOf(urls[0] ?? '', token);
    await configureProvider(api, 'san');
    await configureProvider(api, 'twilio');
    agents = [];
    for (let index = 0; index < AGENTS; index++) agents.push((await createAgent(api)).agent_id);
  });

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.kill()));
    await simulator.close();
    await database.drop();
  });

  /** Numbers that nobody has used yet. */
  const newField = async (round: number): Promise<Field> => {
    const numbers = SAN_NUMBERS.slice(round * NUMBERS, (round + 1) * NUMBERS);
    await createPhoneNumbers(api, numbers);
    return { agents, provider: 'san', numbers };
  };

  const listed = async ({ numbers }: Field): Promise<ListedNumber[]> => {
    const own = (await inventoryOf(api)).filter(({ phone_number: number }) => numbers.includes(number));
    expect(own).toHaveLength(NUMBERS);
    return own;
  };

  it('give each number to one agent, whole batches only', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const field = await newField(round);
      const outcomes = await race(attachOrders(random, REQUESTS, field));
      expect(answerFaults(outcomes)).toEqual([]);
      expect(statuses(outcomes, 'attach')).toEqual([200, 409]);
      expect(attachFaults(outcomes, await listed(field))).toEqual([]);
    }
  });

  it('keep batches together while agents take numbers from each other and let go of them', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const field = await newField(ROUNDS + round);
      const outcomes = await race(mixedOrders(random, REQUESTS, field));
      expect(answerFaults(outcomes)).toEqual([]);
      expect(statuses(outcomes, 'attach')).toEqual([200, 409]);
      expect(historyFaults(outcomes, await listed(field))).toEqual([]);
    }
  });

  it('leave every route at the provider as the last of them wished', async () => {
    const former = routesAtTwilio(simulator, TWILIO_NUMBERS);
    const outcomes = await race(mixedOrders(random, REQUESTS, { agents, provider: 'twilio', numbers: TWILIO_NUMBERS }));
    expect(answerFaults(outcomes)).toEqual([]);
    await untilPasses(() => expectSettled(api, simulator, former), 20_000);
  });
});

function statuses(outcomes: readonly Outcome[], kind: Outcome['kind']): number[] {
  const own = outcomes.filter((outcome) => outcome.kind === kind);
  return [...new Set(own.map(({ status }) => status))].sort();
}
