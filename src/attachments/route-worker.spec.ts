import { Logger } from '@nestjs/common';
import type { Config, Role } from '../config/config';
import { ProviderError } from '../providers/contract/provider-error';
import { ProviderChanges } from '../providers/provider-changes';
import { ACCOUNT, AGENT, Gate, openWorld, OUR_URL, someNumbers, START, until, type World } from './attachments.fixture';
import { ProviderRetry } from './provider-retry';
import type { RouteReconciler } from './route-reconciler';
import { RouteWorker } from './route-worker';

const [ONE = ''] = someNumbers(1);

describe('RouteWorker', () => {
  let world: World;
  let changes: ProviderChanges;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    world = await openWorld();
    changes = new ProviderChanges();
    world.twilio.hold([ONE]);
    await world.addNumber(ONE, {
      agent_id: AGENT,
      status: 'pending',
      route_generation: 1,
      route_due_at: START,
      attached_at: START,
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  function worker(role: Role, reconciler: Pick<RouteReconciler, 'settleDue'> = world.reconciler): RouteWorker {
    const { config, clock, database, repository, news } = world;
    const roleConfig: Config = { ...config, role };
    const retries = new ProviderRetry(clock, database, repository, news);
    return new RouteWorker(roleConfig, reconciler as RouteReconciler, retries, changes);
  }

  it.each(['worker', 'all'] as const)('settles what is due in the role %s', async (role) => {
    const running = worker(role);
    running.onApplicationBootstrap();
    await until(async () => (await world.number(ONE)).status === 'active');
    running.beforeApplicationShutdown();
    expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
  });

  it('settles nothing in the role api, but hears of new credentials', async () => {
    const settleDue = jest.fn(() => Promise.resolve(0));
    const idle = worker('api', { settleDue });
    idle.onApplicationBootstrap();
    await world.change(ONE, { status: 'inactive', reason: 'credentials_rejected', route_due_at: null });
    world.clock.advance(5_000);

    await changes.emit({ accountId: ACCOUNT, provider: 'san' });
    await changes.emit({ accountId: 'acct_two', provider: 'twilio' });
    expect(await world.number(ONE)).toMatchObject({ status: 'inactive', dueAt: null });
    await changes.emit({ accountId: ACCOUNT, provider: 'twilio' });
    expect(await world.number(ONE)).toMatchObject({
      status: 'pending',
      reason: null,
      dueAt: START + 5_000,
      generation: 2,
    });
    expect(settleDue).not.toHaveBeenCalled();
    idle.beforeApplicationShutdown();
  });

  it('asks the provider again for what it had refused, once there are new credentials', async () => {
    world.twilio.before = () => {
      throw new ProviderError('credentials_rejected', 'no');
    };
    const running = worker('all');
    running.onApplicationBootstrap();
    await until(async () => (await world.number(ONE)).status === 'inactive');
    world.twilio.before = () => undefined;
    await changes.emit({ accountId: ACCOUNT, provider: 'twilio' });
    await until(async () => (await world.number(ONE)).status === 'active');
    running.beforeApplicationShutdown();
  });

  it('goes on without a rest while there is work, and rests then', async () => {
    const counts = [16, 16, 3, 0];
    const settleDue = jest.fn(() => Promise.resolve(counts.shift() ?? 0));
    const running = worker('worker', { settleDue });
    running.onApplicationBootstrap();
    await until(() => counts.length === 0);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(settleDue).toHaveBeenCalledTimes(4);
    running.beforeApplicationShutdown();
  });

  it('outlives a database that cannot be reached', async () => {
    const error = jest.spyOn(Logger.prototype, 'error');
    const settleDue = jest
      .fn<Promise<number>, []>()
      .mockRejectedValueOnce(new Error('connect ECONNREFUSED'))
      .mockResolvedValue(0);
    const running = worker('worker', { settleDue });
    running.onApplicationBootstrap();
    await until(() => error.mock.calls.length > 0);
    expect(settleDue).toHaveBeenCalledTimes(1);
    running.beforeApplicationShutdown();
  });

  it('starts no other turn once it is to stop, however the one under way ends', async () => {
    const gate = new Gate();
    const settleDue = jest.fn(() => gate.passed.then(() => 16));
    const running = worker('worker', { settleDue });
    running.onApplicationBootstrap();
    await until(() => settleDue.mock.calls.length === 1);
    running.beforeApplicationShutdown();
    gate.open();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(settleDue).toHaveBeenCalledTimes(1);
  });

  it('works on other batches while a slow provider holds one up', async () => {
    const gate = new Gate();
    const settleDue = jest
      .fn<Promise<number>, []>()
      .mockImplementationOnce(() => gate.passed.then(() => 0))
      .mockResolvedValue(0);
    const running = worker('worker', { settleDue });
    running.onApplicationBootstrap();
    await until(() => settleDue.mock.calls.length > 1);
    running.beforeApplicationShutdown();
    gate.open();
  });
});
