import { Logger } from '@nestjs/common';
import { selectRows } from '../database/sql';
import { EventsRepository } from '../events/events.repository';
import { ProviderError } from '../providers/contract/provider-error';
import {
  ACCOUNT,
  AGENT,
  DRIFT_INTERVAL_MS,
  Gate,
  openWorld,
  OTHER_AGENT,
  rejectionOf,
  someNumbers,
  START,
  until,
  type World,
} from './attachments.fixture';
import { DriftCheck } from './drift/drift-check';
import { DriftRepository } from './drift/drift.repository';
import { ProviderRetry } from './provider-retry';

const [ONE = '', TWO = '', THREE = ''] = someNumbers(3);
const HOOK = 'https://receiver.example/hook';

interface StoredMessage {
  readonly agentId: string;
  readonly type: string;
  readonly body: string;
}

describe('What agents are told of their numbers', () => {
  let world: World;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    world = await openWorld();
    world.twilio.hold([ONE, TWO, THREE]);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  const attach = (numbers: readonly string[], { agentId = AGENT, reassign = false, dryRun = false } = {}) =>
    world.service.attach({ accountId: ACCOUNT, agentId, provider: 'twilio', numbers, reassign, dryRun });
  const follow = (agentId: string, events: readonly string[] | null = null) =>
    world.changeAgent(agentId, { webhook_url: HOOK, webhook_events: events && JSON.stringify(events) });

  /** `[agent, event, number, status before if told, status, reason]`, in the order of their making. */
  async function told(): Promise<unknown[][]> {
    const rows = await world.database.read((manager) =>
      selectRows<StoredMessage>(
        manager,
        'SELECT agent_id AS agentId, type, body FROM outbox_message ORDER BY message_id',
        [],
      ),
    );
    return rows.map(({ agentId, type, body }) => {
      const { data } = JSON.parse(body) as { data: Record<string, unknown> };
      expect(data.agent_id).toBe(agentId);
      const previous = 'previous_status' in data ? [data.previous_status] : [];
      return [agentId, type.replace('number.', ''), data.phone_number, ...previous, data.status, data.reason];
    });
  }

  function countStatements(): string[] {
    const statements: string[] = [];
    const runner = world.database.dataSource.createQueryRunner();
    const query = runner.query.bind(runner);
    jest.spyOn(runner, 'query').mockImplementation((sql: string, ...rest: unknown[]) => {
      statements.push(sql);
      return (query as (...all: unknown[]) => Promise<never>)(sql, ...rest);
    });
    return statements;
  }

  it('is what has happened, in its order', async () => {
    await follow(AGENT);
    await attach([ONE, TWO]);
    await world.reconciler.settleDue();
    await world.service.detach({ accountId: ACCOUNT, agentId: AGENT, numbers: [ONE], dryRun: false });
    expect(await told()).toEqual([
      [AGENT, 'attached', ONE, 'pending', null],
      [AGENT, 'attached', TWO, 'pending', null],
      [AGENT, 'status_changed', ONE, 'pending', 'active', null],
      [AGENT, 'status_changed', TWO, 'pending', 'active', null],
      [AGENT, 'detached', ONE, 'inactive', null],
    ]);
  });

  it('is nothing to an agent without a webhook, and only what the filter names to others', async () => {
    await follow(OTHER_AGENT, ['number.detached']);
    await attach([ONE]);
    await attach([TWO], { agentId: OTHER_AGENT });
    await world.reconciler.settleDue();
    await attach([TWO], { reassign: true });
    expect(await told()).toEqual([[OTHER_AGENT, 'detached', TWO, 'inactive', null]]);
  });

  it('names the former agent first where a number changes hands', async () => {
    await follow(AGENT);
    await follow(OTHER_AGENT, ['number.attached', 'number.detached']);
    await attach([ONE, TWO], { agentId: OTHER_AGENT });
    await world.reconciler.settleDue();
    await attach([ONE, THREE], { reassign: true });
    expect((await told()).slice(2)).toEqual([
      [OTHER_AGENT, 'detached', ONE, 'inactive', null],
      [AGENT, 'attached', ONE, 'active', null],
      [AGENT, 'attached', THREE, 'pending', null],
    ]);
  });

  it('is nothing of what changes nothing, of a dry run and of what was refused', async () => {
    await attach([ONE]);
    await world.reconciler.settleDue();
    await follow(AGENT);
    await follow(OTHER_AGENT);
    await attach([ONE]);
    await attach([TWO], { dryRun: true });
    await world.service.detach({ accountId: ACCOUNT, agentId: AGENT, numbers: [ONE], dryRun: true });
    await rejectionOf(attach([TWO, ONE], { agentId: OTHER_AGENT }));
    const failing = () => Promise.reject(new Error('no'));
    const all = { accountId: ACCOUNT, agentId: AGENT };
    await rejectionOf(world.service.releaseAll(all, failing));
    await rejectionOf(world.service.replaceSet({ ...all, numbers: [TWO], provider: 'twilio' }, failing));
    expect(await told()).toEqual([]);
  });

  it('takes the whole set at once, and follows the webhook that comes with it', async () => {
    await attach([ONE, TWO]);
    await world.reconciler.settleDue();
    const command = { accountId: ACCOUNT, agentId: AGENT, numbers: [TWO, THREE], provider: 'twilio' } as const;
    await world.service.replaceSet(command, (manager) => world.changeAgent(AGENT, { webhook_url: HOOK }, manager));
    expect(await told()).toEqual([
      [AGENT, 'detached', ONE, 'inactive', null],
      [AGENT, 'attached', THREE, 'pending', null],
    ]);
  });

  it('tells what the provider refuses, and that it is asked again', async () => {
    await follow(AGENT);
    await attach([ONE, TWO]);
    world.twilio.before = () => {
      throw new ProviderError('permanent', 'no');
    };
    await world.reconciler.settleDue();
    world.twilio.before = () => {
      throw new ProviderError('transient', 'busy');
    };
    await new ProviderRetry(world.clock, world.database, world.repository, world.news).retry(ACCOUNT, 'twilio');
    await world.reconciler.settleDue();
    await attach([ONE]);
    expect((await told()).slice(2)).toEqual([
      [AGENT, 'status_changed', ONE, 'pending', 'inactive', 'refused_by_provider'],
      [AGENT, 'status_changed', TWO, 'pending', 'inactive', 'refused_by_provider'],
      [AGENT, 'status_changed', ONE, 'inactive', 'pending', null],
      [AGENT, 'status_changed', TWO, 'inactive', 'pending', null],
    ]);
  });

  it('tells that a refused number is tried again by another attach', async () => {
    await follow(AGENT, ['number.status_changed']);
    await world.addNumber(ONE, { agent_id: AGENT, attached_at: START, reason: 'refused_by_provider' });
    await attach([ONE]);
    expect(await told()).toEqual([[AGENT, 'status_changed', ONE, 'inactive', 'pending', null]]);
  });

  it('tells the agent that has the number by then, whoever had it when the provider was asked', async () => {
    await follow(OTHER_AGENT);
    const asked = new Gate();
    const answered = new Gate();
    world.twilio.before = async ({ method }) => {
      if (method !== 'readRoute') return;
      world.twilio.before = () => undefined;
      asked.open();
      await answered.passed;
    };
    await attach([ONE]);
    const settling = world.reconciler.settleDue();
    await asked.passed;
    await attach([ONE], { agentId: OTHER_AGENT, reassign: true });
    answered.open();
    await settling;
    await until(async () => (await world.number(ONE)).status === 'active');
    expect(await told()).toEqual([
      [OTHER_AGENT, 'attached', ONE, 'pending', null],
      [OTHER_AGENT, 'status_changed', ONE, 'pending', 'active', null],
    ]);
  });

  it('tells of a route that somebody has changed at the provider', async () => {
    await follow(AGENT, ['number.status_changed']);
    await attach([ONE]);
    await world.reconciler.settleDue();
    world.twilio.hold([ONE], 'https://elsewhere.example/voice');
    world.clock.advance(1.2 * DRIFT_INTERVAL_MS);
    const { config, clock, database, providers, news } = world;
    const drifts = new DriftRepository(database);
    await new DriftCheck(config, clock, database, drifts, new EventsRepository(), providers.asService, news).checkDue();
    await world.reconciler.settleDue();
    expect((await told()).slice(1)).toEqual([
      [AGENT, 'status_changed', ONE, 'active', 'pending', 'route_drifted'],
      [AGENT, 'status_changed', ONE, 'pending', 'active', null],
    ]);
  });

  it('costs attach one statement, and one more for former agents, however many numbers there are', async () => {
    const numbers = someNumbers(402);
    for (const e164 of numbers) await world.addNumber(e164);
    const statements = countStatements();
    const countInTransaction = async (attaching: () => Promise<unknown>): Promise<number> => {
      statements.length = 0;
      await attaching();
      return statements.indexOf('COMMIT');
    };
    const silent = await countInTransaction(() => attach(numbers.slice(0, 1), { agentId: OTHER_AGENT }));
    await follow(OTHER_AGENT);
    const followed = await countInTransaction(() => attach(numbers.slice(1), { agentId: OTHER_AGENT }));
    const reassigned = await countInTransaction(() => attach(numbers, { reassign: true }));
    const back = await countInTransaction(() => attach(numbers, { agentId: OTHER_AGENT, reassign: true }));
    await world.changeAgent(OTHER_AGENT, { webhook_url: null });
    const fromSilent = await countInTransaction(() => attach(numbers, { reassign: true }));
    // BEGIN, the agent, the numbers and the change; then what is told, and what the former agent wants to be.
    expect({ silent, followed, reassigned, back, fromSilent }).toEqual({
      silent: 4,
      followed: 5,
      reassigned: 6,
      back: 5,
      fromSilent: 4,
    });
    expect(await told()).toHaveLength(401 + 402 + 402);
  });

  it('costs the settling of a number nothing where nobody follows it', async () => {
    await attach([ONE]);
    const statements = countStatements();
    await world.reconciler.settleDue();
    expect(statements.filter((sql) => /outbox_message|FROM agent\b/.test(sql))).toEqual([]);
    expect(await world.number(ONE)).toMatchObject({ status: 'active' });
  });
});
