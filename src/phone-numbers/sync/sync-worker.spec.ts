import { Logger } from '@nestjs/common';
import type { Config, Role } from '../../config/config';
import { ProviderChanges } from '../../providers/provider-changes';
import { KEY, owned, someNumbers, START, SyncWorld, until } from './sync.fixture';
import type { SyncSchedule } from './sync-schedule';
import { SyncWorker } from './sync-worker';

const [ONE = ''] = someNumbers(1);

describe('SyncWorker', () => {
  let world: SyncWorld;
  let changes: ProviderChanges;
  const workers: SyncWorker[] = [];

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    world = await SyncWorld.open();
    changes = new ProviderChanges();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const worker of workers.splice(0)) worker.beforeApplicationShutdown();
    await world.close();
  });

  const start = (role: Role, beginDue: () => Promise<void> = () => Promise.resolve()) => {
    const { clock, database, syncs } = world;
    const schedule = { beginDue } as SyncSchedule;
    const worker = new SyncWorker({ role } as Config, clock, database, syncs, schedule, changes);
    worker.onApplicationBootstrap();
    workers.push(worker);
    return worker;
  };
  const take = async () => {
    const taken = await world.claims.take(KEY, () => true);
    if (!taken?.run) throw new Error('not taken');
    return taken.run;
  };
  const manyTurns = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it.each(['worker', 'all'] as const)('looks at the schedule in the role %s', async (role) => {
    const beginDue = jest.fn(() => Promise.resolve());
    start(role, beginDue);
    await until(() => beginDue.mock.calls.length > 0);
  });

  it('looks at nothing in the role api', async () => {
    const beginDue = jest.fn(() => Promise.resolve());
    start('api', beginDue);
    await manyTurns();
    expect(beginDue).not.toHaveBeenCalled();
  });

  it('outlives a database that cannot be reached', async () => {
    const error = jest.spyOn(Logger.prototype, 'error');
    const beginDue = jest
      .fn<Promise<void>, []>()
      .mockRejectedValueOnce(new Error('connect ECONNREFUSED'))
      .mockResolvedValue();
    start('worker', beginDue);
    await until(() => beginDue.mock.calls.length > 1);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('looks no more once it is to stop, however the look under way ends', async () => {
    let open = (): void => undefined;
    const beginDue = jest.fn(() => new Promise<void>((resolve) => (open = resolve)));
    const worker = start('worker', beginDue);
    await until(() => beginDue.mock.calls.length === 1);
    worker.beforeApplicationShutdown();
    open();
    await manyTurns();
    expect(beginDue).toHaveBeenCalledTimes(1);
  });

  describe('new credentials', () => {
    it.each(['api', 'worker'] as const)('make a run begin anew, in other hands, in the role %s', async (role) => {
      const run = await take();
      await world.writer.store(run, [owned(ONE)], { phase: 'listing', resumeAfter: 'of the former account' });
      start(role);
      await changes.emit({ accountId: KEY.accountId, provider: 'twilio' });
      expect(await world.record()).toMatchObject({
        state: 'running',
        phase: 'listing',
        added: 0,
        resumeAfter: null,
        claim: null,
        // Others may hold the former credentials for five seconds.
        dueAt: START + 5_000,
      });
      expect((await world.record()).syncId).not.toBe(run.syncId);

      world.vendor.hold(ONE);
      expect(await world.runner.start(run)).toEqual({ kind: 'stopped' });
      expect(await world.runner.start(await take())).toEqual({ kind: 'completed' });
      expect(await world.record()).toMatchObject({ added: 0, unchanged: 1 });
    });

    it('change nothing of a sync of another provider or account, or of one that has ended', async () => {
      start('api');
      const run = await take();
      await changes.emit({ accountId: KEY.accountId, provider: 'telnyx' });
      await changes.emit({ accountId: 'acct_two', provider: 'twilio' });
      expect(await world.record()).toMatchObject({ syncId: run.syncId, claim: run.claim });
      await world.runner.start(run);
      await changes.emit({ accountId: KEY.accountId, provider: 'twilio' });
      expect(await world.record()).toMatchObject({ syncId: run.syncId, state: 'completed' });
    });
  });
});
