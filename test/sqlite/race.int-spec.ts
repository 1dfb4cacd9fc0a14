import { AttachmentsService } from '../../src/attachments/attachments.service';
import { createAgent } from '../factories/agent.factory';
import { createPhoneNumbers, someNumbers } from '../factories/phone-number.factory';
import { configureProvider } from '../factories/provider.factory';
import { answerFaults, attachFaults, historyFaults } from '../support/attach-history';
import { raceInOneTurn } from '../support/attach-in-turn';
import { attachOrders, type Field, mixedOrders, type Order, type Outcome, raceOrders } from '../support/attach-orders';
import { inventoryOf, type ListedNumber } from '../support/inventory';
import { SeededRandom, seedOf } from '../support/seeded-random';
import { type ApiClient, startTestApp, type TestApp } from '../support/test-app';

const REQUESTS = 200;
const NUMBERS = 40;
const AGENTS = 6;
const seed = seedOf('RACE_SEED');

describe(`${REQUESTS} at once on SQLite, ${AGENTS} agents, ${NUMBERS} numbers (RACE_SEED=${seed})`, () => {
  const random = new SeededRandom(seed);
  let app: TestApp;
  let api: ApiClient;
  let agents: string[];
  let overHttp: (orders: readonly Order[]) => Promise<Outcome[]>;
  let inOneTurn: (orders: readonly Order[]) => Promise<Outcome[]>;

  beforeAll(async () => {
    app = await startTestApp();
    const { token, accountId } = await app.createToken();
    api = app.api(token);
    await configureProvider(api, 'san');
    agents = [];
    for (let index = 0; index < AGENTS; index++) agents.push((await createAgent(api)).agent_id);
    const service = app.nest.get(AttachmentsService, { strict: false });
    overHttp = (orders) => raceOrders([app.url], token, orders);
    inOneTurn = (orders) => raceInOneTurn(service, accountId, orders);
  });

  afterAll(() => app.close());

  /** Numbers that nobody has used yet. */
  const newField = async (from: number): Promise<Field> => {
    const numbers = someNumbers(NUMBERS, from);
    await createPhoneNumbers(api, numbers);
    return { agents, provider: 'san', numbers };
  };

  const listed = async ({ numbers }: Field): Promise<ListedNumber[]> => {
    const own = (await inventoryOf(api)).filter(({ phone_number: number }) => numbers.includes(number));
    expect(own).toHaveLength(NUMBERS);
    return own;
  };

  const expectAttached = async (field: Field, outcomes: readonly Outcome[]): Promise<void> => {
    expect(answerFaults(outcomes)).toEqual([]);
    expect(statuses(outcomes, 'attach')).toEqual([200, 409]);
    expect(attachFaults(outcomes, await listed(field))).toEqual([]);
  };

  const expectHistory = async (field: Field, outcomes: readonly Outcome[]): Promise<void> => {
    expect(answerFaults(outcomes)).toEqual([]);
    expect(statuses(outcomes, 'attach')).toEqual([200, 409]);
    expect(statuses(outcomes, 'detach')).toEqual([200, 409]);
    expect(historyFaults(outcomes, await listed(field))).toEqual([]);
  };

  it('requests give each number to one agent, whole batches only', async () => {
    const field = await newField(0);
    await expectAttached(field, await overHttp(attachOrders(random, REQUESTS, field)));
  });

  it('requests keep batches together while agents take numbers from each other and let go of them', async () => {
    const field = await newField(NUMBERS);
    await expectHistory(field, await overHttp(mixedOrders(random, REQUESTS, field)));
  });

  it('calls in one turn of the event loop do the same', async () => {
    const field = await newField(2 * NUMBERS);
    await expectAttached(field, await inOneTurn(attachOrders(random, REQUESTS, field)));
    const mixed = await newField(3 * NUMBERS);
    await expectHistory(mixed, await inOneTurn(mixedOrders(random, REQUESTS, mixed)));
  });
});

function statuses(outcomes: readonly Outcome[], kind: Outcome['kind']): number[] {
  const own = outcomes.filter((outcome) => outcome.kind === kind);
  return [...new Set(own.map(({ status }) => status))].sort();
}
