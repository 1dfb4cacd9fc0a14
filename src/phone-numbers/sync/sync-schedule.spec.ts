import { Logger } from '@nestjs/common';
import type { Config } from '../../config/config';
import { KEY, someNumbers, START, SyncWorld } from './sync.fixture';
import { CLAIM_MS, type SyncRun } from './sync-run';
import { SyncSchedule } from './sync-schedule';

const NUMBERS = someNumbers(3);
const INTERVAL_MS = 3_600_000;
/** The schedule looks at the clock this often. */
const CHECK_MS = 30_000;

describe('SyncSchedule', () => {
  let world: SyncWorld;
  let started: jest.SpyInstance<ReturnType<SyncWorld['runner']['start']>, [SyncRun]>;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    world = await SyncWorld.open();
    world.vendor.hold(...NUMBERS);
    started = jest.spyOn(world.runner, 'start');
  });
  afterEach(() => world.close());

  const newSchedule = (intervalMs = INTERVAL_MS) => {
    const { clock, database, syncs, claims, runner, providers } = world;
    const config = { sync: { intervalMs } } as Config;
    return new SyncSchedule(config, clock, database, syncs, claims, runner, providers);
  };
  /** One look at the schedule, and the end of what it has begun. @returns how many that were */
  const look = async (schedule: SyncSchedule): Promise<number> => {
    started.mockClear();
    await schedule.beginDue();
    await Promise.all(started.mock.results.map(({ value }) => value as Promise<unknown>));
    return started.mock.calls.length;
  };
  const take = async () => {
    const taken = await world.claims.take(KEY, () => true);
    if (!taken?.run) throw new Error('not taken');
    return taken.run;
  };
  const fail = async (retryAfterMs: number | null) => {
    const run = await take();
    const failure = { error: 'x', retryAfterMs };
    await world.database.transaction((manager) => world.syncs.recordFailure(manager, run, failure, world.clock.now()));
    return run;
  };

  describe('by the clock', () => {
    it('begins once the account has been there for an interval', async () => {
      world.clock.advance(INTERVAL_MS - 1);
      expect(await look(newSchedule())).toBe(0);
      world.clock.advance(1);
      expect(await look(newSchedule())).toBe(1);
      expect(await world.record()).toMatchObject({ state: 'completed', added: 3 });
    });

    it('begins again an interval after the last one has ended, and not before', async () => {
      world.clock.advance(INTERVAL_MS);
      await look(newSchedule());
      world.clock.advance(INTERVAL_MS - 1);
      expect(await look(newSchedule())).toBe(0);
      world.clock.advance(1);
      expect(await look(newSchedule())).toBe(1);
      expect(await world.record()).toMatchObject({ unchanged: 3, startedAt: START + 2 * INTERVAL_MS });
    });

    it('leaves one that failed alone for an interval', async () => {
      await fail(null);
      world.clock.advance(INTERVAL_MS - 1);
      expect(await look(newSchedule())).toBe(0);
      world.clock.advance(1);
      expect(await look(newSchedule())).toBe(1);
      expect(await world.record()).toMatchObject({ state: 'completed' });
    });

    it('reads the accounts now and then only, and at once while there are more of them', async () => {
      const schedule = newSchedule();
      const read = jest.spyOn(world.syncs, 'outdated');
      for (const passed of [0, CHECK_MS - 1]) {
        world.clock.advance(passed);
        await look(schedule);
      }
      expect(read).toHaveBeenCalledTimes(1);
      world.clock.advance(1);
      await look(schedule);
      expect(read).toHaveBeenCalledTimes(2);

      read.mockResolvedValueOnce([KEY, KEY, KEY, KEY]);
      world.clock.advance(CHECK_MS);
      await look(schedule);
      await look(schedule);
      expect(read).toHaveBeenCalledTimes(4);
    });

    it('does nothing where the interval is 0', async () => {
      world.clock.advance(100 * INTERVAL_MS);
      expect(await look(newSchedule(0))).toBe(0);
    });

    it('does nothing where the provider has no list', async () => {
      world.clock.advance(INTERVAL_MS);
      world.capabilities = { ...world.capabilities, list: false };
      expect(await look(newSchedule())).toBe(0);
    });

    it('lets one of several processes begin', async () => {
      world.clock.advance(INTERVAL_MS);
      await Promise.all([newSchedule().beginDue(), newSchedule().beginDue()]);
      expect(started).toHaveBeenCalledTimes(1);
      // The other one had seen the account due; by the time it would begin, the sync has been made.
      await started.mock.results[0]?.value;
      jest.spyOn(world.syncs, 'outdated').mockResolvedValueOnce([KEY]);
      expect(await look(newSchedule())).toBe(0);
    });
  });

  describe('interrupted runs', () => {
    it('are gone on with when their time has come', async () => {
      const { syncId } = await fail(10_000);
      world.clock.advance(9_999);
      expect(await look(newSchedule(0))).toBe(0);
      world.clock.advance(1);
      expect(await look(newSchedule(0))).toBe(1);
      expect(await world.record()).toMatchObject({ syncId, state: 'completed', added: 3 });
    });

    it('are taken over when the claim of a process that died has lapsed', async () => {
      const run = await take();
      await world.writer.store(run, [], { phase: 'listing', resumeAfter: NUMBERS[0] ?? '' });
      world.clock.advance(CLAIM_MS - 1);
      expect(await look(newSchedule(0))).toBe(0);
      world.clock.advance(1);
      expect(await look(newSchedule(0))).toBe(1);
      expect(world.vendor.asked).toEqual([NUMBERS[0]]);
      expect(await world.record()).toMatchObject({ syncId: run.syncId, added: 2 });
    });

    it('go to one of several processes', async () => {
      await fail(0);
      await Promise.all([newSchedule(0).beginDue(), newSchedule(0).beginDue()]);
      expect(started).toHaveBeenCalledTimes(1);
      await started.mock.results[0]?.value;
    });
  });

  it('has no more than four syncs under way', async () => {
    const row = { sealed_credentials: 'x', secrets_key_id: 'x', verified: 1, created_at: START, updated_at: START };
    for (let index = 0; index < 6; index++) {
      const account_id = `acct_${index}`;
      const key = { provider_account_id: `pa_${index}`, account_id, provider: 'twilio', inbound_key: `key_${index}` };
      await world.insert('account', { account_id, name: account_id, created_at: START });
      await world.insert('provider_account', { ...key, ...row });
    }
    const ends: (() => void)[] = [];
    started.mockImplementation(() => new Promise((resolve) => ends.push(() => resolve({ kind: 'completed' }))));
    world.clock.advance(INTERVAL_MS);
    const schedule = newSchedule();
    await schedule.beginDue();
    await schedule.beginDue();
    expect(started).toHaveBeenCalledTimes(4);
    ends[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    await schedule.beginDue();
    expect(started).toHaveBeenCalledTimes(5);
  });
});
