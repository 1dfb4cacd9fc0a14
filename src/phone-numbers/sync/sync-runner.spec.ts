import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Logger } from '@nestjs/common';
import { ProviderError } from '../../providers/contract/provider-error';
import { ACCOUNT, AGENT, KEY, owned, sid, someNumbers, START, SyncWorld, until } from './sync.fixture';
import { CLAIM_MS, isUnderWay, type SyncRun } from './sync-run';

const NUMBERS = someNumbers(1_200);
const [ONE = '', TWO = '', THREE = '', FOUR = ''] = NUMBERS;
const transient = new ProviderError('transient', 'Twilio answered 503');

/** Makes V8 forget at once what nobody holds. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

describe('SyncRunner', () => {
  let world: SyncWorld;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    world = await SyncWorld.open();
  });
  afterEach(() => world.close());

  const take = async (): Promise<SyncRun> => {
    const taken = await world.claims.take(KEY, (record, now) => !isUnderWay(record, now));
    if (!taken?.run) throw new Error('not taken');
    return taken.run;
  };
  const sync = async () => world.runner.start(await take());

  /** Fails the page behind `after` once. */
  const failOnce = (after: string | undefined, error: Error = transient) => {
    world.vendor.before = (cursor) => {
      if (cursor !== after) return;
      world.vendor.before = () => undefined;
      throw error;
    };
  };

  it('imports the whole list and says when it was done', async () => {
    world.vendor.hold(...NUMBERS);
    world.vendor.before = () => world.clock.advance(10);
    expect(await sync()).toEqual({ kind: 'completed' });
    expect(await world.record()).toMatchObject({
      state: 'completed',
      added: 1_200,
      updated: 0,
      gone: 0,
      unchanged: 0,
      skipped: 0,
      startedAt: START,
      endedAt: START + 120,
      claim: null,
      claimedUntil: null,
      dueAt: null,
      resumeAfter: null,
    });
    expect([...(await world.inventory()).keys()]).toEqual(NUMBERS);
  });

  it('finds everything unchanged the second time, as another sync', async () => {
    world.vendor.hold(...NUMBERS);
    await sync();
    const { syncId } = await world.record();
    world.clock.advance(1_000);
    await sync();
    expect(await world.record()).toMatchObject({ added: 0, gone: 0, unchanged: 1_200, startedAt: START + 1_000 });
    expect((await world.record()).syncId).not.toBe(syncId);
  });

  describe('numbers that are gone', () => {
    const gone = async () => (await world.record()).gone;

    it('leave the inventory when they are attached to nobody, with what is kept of their requests', async () => {
      world.vendor.hold(ONE, TWO);
      await sync();
      const request = { account_id: ACCOUNT, received_at: START, verdict: 'routed' };
      for (const e164 of [ONE, TWO]) {
        await world.insert('inbound_request', { inbound_request_id: `inb_${e164}`, e164, ...request });
      }
      world.vendor.held.delete(ONE);
      world.clock.advance(1_000);
      await sync();
      expect([...(await world.inventory()).keys()]).toEqual([TWO]);
      expect(await gone()).toBe(1);
      const left = await world.database.read((manager) =>
        manager.query<{ e164: string }[]>('SELECT e164 FROM inbound_request'),
      );
      expect(left).toEqual([{ e164: TWO }]);
    });

    it('are kept inactive while they are attached, and nobody goes on routing them', async () => {
      const routed = { route_generation: 2, confirmed_generation: 1, route_due_at: START, route_claim: 'clm_x' };
      await world.addNumber(ONE, { agent_id: AGENT, attached_at: 5, status: 'pending', ...routed });
      await sync();
      expect(await world.number(ONE)).toMatchObject({
        agentId: AGENT,
        status: 'inactive',
        reason: 'gone_at_provider',
        dueAt: null,
        claim: null,
        updatedAt: START,
      });
      expect(await gone()).toBe(1);
    });

    it('are counted when it is found out, not again', async () => {
      await world.addNumber(ONE, { agent_id: AGENT, status: 'active' });
      await sync();
      await sync();
      expect(await gone()).toBe(0);
      expect(await world.number(ONE)).toMatchObject({ status: 'inactive', reason: 'gone_at_provider' });
    });

    it('are asked for by name, since a list that moves may miss some', async () => {
      await world.addNumber(ONE, { agent_id: AGENT, status: 'active', provider_number_id: sid(ONE) });
      await world.addNumber(TWO, { agent_id: AGENT, status: 'active', provider_number_id: sid(TWO) });
      await world.addNumber(THREE, { provider_number_id: sid(THREE) });
      await world.addNumber(FOUR, { provider_number_id: sid(FOUR), label: 'Reception' });
      world.vendor.hold(ONE, THREE);
      jest.spyOn(world.vendor, 'numbers').mockImplementation(async function* () {
        await Promise.resolve();
        yield { numbers: [], next: null };
      });
      expect(await sync()).toEqual({ kind: 'completed' });
      expect(world.vendor.found).toEqual([ONE, TWO, THREE, FOUR]);
      expect(await world.number(ONE)).toMatchObject({ status: 'active', reason: null });
      expect(await world.number(TWO)).toMatchObject({ status: 'inactive', reason: 'gone_at_provider' });
      expect([...(await world.inventory()).keys()]).toEqual([ONE, TWO, THREE]);
      expect(await world.record()).toMatchObject({ unchanged: 2, gone: 2 });
    });

    it('are believed to be gone where the provider cannot be asked by name', async () => {
      world.capabilities = { ...world.capabilities, lookup: false };
      await world.addNumber(ONE, { agent_id: AGENT, status: 'active' });
      await sync();
      expect(world.vendor.found).toEqual([]);
      expect(await gone()).toBe(1);
    });

    it('are none of those that the provider never had', async () => {
      await world.addNumber(ONE);
      await world.addNumber(TWO, { provider: 'san', provider_number_id: 'x' });
      await world.addNumber(THREE, { created_at: START, provider_number_id: sid(THREE) });
      await sync();
      expect([...(await world.inventory()).keys()]).toEqual([ONE, TWO, THREE]);
      expect(await gone()).toBe(0);
    });

    it('stay until their former route is given back', async () => {
      const unsettled = { route_generation: 2, confirmed_generation: 1, route_due_at: START + 1 };
      await world.addNumber(ONE, { provider_number_id: sid(ONE), ...unsettled });
      await sync();
      expect(await gone()).toBe(0);
      await world.change(ONE, { confirmed_generation: 2, route_due_at: null });
      await sync();
      expect(await gone()).toBe(1);
      expect((await world.inventory()).size).toBe(0);
    });

    it('are found however many there are, attached or not', async () => {
      for (const [index, e164] of NUMBERS.slice(0, 700).entries()) {
        await world.addNumber(e164, { provider_number_id: sid(e164), agent_id: index % 2 === 0 ? AGENT : null });
      }
      world.vendor.hold(...NUMBERS.slice(690, 710));
      await sync();
      expect(await world.record()).toMatchObject({ added: 10, unchanged: 10, gone: 690 });
      expect(world.vendor.found).toHaveLength(690);
      expect((await world.inventory()).size).toBe(345 + 20);
    });
  });

  describe('a provider that fails', () => {
    beforeEach(() => world.vendor.hold(...NUMBERS));

    it('is asked again later, from where it was', async () => {
      failOnce(NUMBERS[699]);
      expect(await sync()).toEqual({ kind: 'failed', error: transient });
      const { dueAt, ...record } = await world.record();
      expect(record).toMatchObject({
        state: 'running',
        added: 700,
        resumeAfter: NUMBERS[699],
        claim: null,
        attempts: 1,
        lastError: transient.message,
        endedAt: null,
      });
      expect(dueAt).toBeGreaterThan(START);

      world.vendor.asked.length = 0;
      expect(await sync()).toEqual({ kind: 'completed' });
      expect(world.vendor.asked[0]).toBe(NUMBERS[699]);
      expect(world.vendor.asked).toHaveLength(5);
      expect(await world.record()).toMatchObject({ state: 'completed', added: 1_200, unchanged: 0, lastError: null });
    });

    it('is waited for longer each time, until there is progress', async () => {
      world.vendor.before = (after) => {
        if (after === NUMBERS[699]) throw transient;
      };
      await sync();
      await sync();
      expect((await world.record()).attempts).toBe(2);
      failOnce(NUMBERS[1_099]);
      await sync();
      expect((await world.record()).attempts).toBe(1);
    });

    it.each(['credentials_rejected', 'permanent'] as const)(
      'ends the sync on %s; the next begins anew',
      async (kind) => {
        const error = new ProviderError(kind, 'no');
        world.vendor.before = () => {
          throw error;
        };
        expect(await sync()).toEqual({ kind: 'failed', error });
        const failed = await world.record();
        expect(failed).toMatchObject({ state: 'failed', lastError: 'no', dueAt: null, claim: null, endedAt: START });
        world.vendor.before = () => undefined;
        await sync();
        expect(await world.record()).toMatchObject({ state: 'completed', added: 1_200, lastError: null });
        expect((await world.record()).syncId).not.toBe(failed.syncId);
      },
    );

    it('goes on where looking for gone numbers failed', async () => {
      await world.addNumber('+12025550001', { agent_id: AGENT, status: 'active' });
      jest.spyOn(world.vendor, 'find').mockRejectedValueOnce(transient);
      expect(await sync()).toMatchObject({ kind: 'failed' });
      expect(await world.record()).toMatchObject({ phase: 'sweeping', state: 'running', gone: 0, added: 1_200 });
      world.vendor.asked.length = 0;
      expect(await sync()).toEqual({ kind: 'completed' });
      expect(world.vendor.asked).toEqual([]);
      expect(await world.record()).toMatchObject({ gone: 1, added: 1_200 });
    });
  });

  describe('a cursor that the provider refuses', () => {
    beforeEach(() => world.vendor.hold(...NUMBERS));

    it('sends the sync back to the beginning, and nothing is counted twice', async () => {
      await world.addNumber(TWO, { provider: 'san' });
      failOnce(NUMBERS[699]);
      await sync();
      expect(await world.record()).toMatchObject({ added: 699, skipped: 1 });
      const { syncId } = await world.record();
      // The number that the cursor names is gone, and so is another one that was read before.
      for (const e164 of [NUMBERS[699] ?? '', THREE]) world.vendor.held.delete(e164);
      expect(await sync()).toEqual({ kind: 'completed' });
      expect(await world.record()).toMatchObject({ syncId, added: 1_199, unchanged: 0, skipped: 1, updated: 0 });
      // The two are in the inventory and were met by this very sync: the next one finds that they are gone.
      world.clock.advance(1_000);
      await sync();
      expect(await world.record()).toMatchObject({ added: 0, unchanged: 1_197, gone: 2, skipped: 1 });
    });

    it('is no reason to read the list over and over', async () => {
      const refused = new ProviderError('permanent', 'no');
      world.vendor.before = (after) => {
        if (after !== null) throw refused;
      };
      expect(await sync()).toEqual({ kind: 'failed', error: refused });
      expect(world.vendor.asked.filter((after) => after === null)).toHaveLength(2);
      expect(await world.record()).toMatchObject({ state: 'failed', added: 100 });
    });
  });

  describe('a run that somebody else has taken', () => {
    it('is left alone', async () => {
      world.vendor.hold(...NUMBERS);
      const other = world.newRunner();
      const run = await take();
      world.vendor.before = async (after) => {
        if (after !== NUMBERS[899]) return;
        world.vendor.before = () => undefined;
        world.clock.advance(CLAIM_MS);
        expect(await other.start(await take())).toEqual({ kind: 'completed' });
      };
      expect(await world.runner.start(run)).toEqual({ kind: 'stopped' });
      expect(await world.record()).toMatchObject({ state: 'completed', added: 1_200, unchanged: 0 });
    });

    it('is left alone when the provider account is deleted', async () => {
      world.vendor.hold(...NUMBERS);
      world.vendor.before = async (after) => {
        if (after !== NUMBERS[899]) return;
        await world.database.transaction((manager) => manager.query('DELETE FROM provider_account'));
      };
      expect(await sync()).toEqual({ kind: 'stopped' });
      expect((await world.inventory()).size).toBe(500);
    });
  });

  describe('a process that stops', () => {
    it('stores what it has read and gives the run back at once', async () => {
      world.vendor.hold(...NUMBERS);
      let isWaiting = false;
      world.vendor.before = (after, signal) => {
        if (after !== NUMBERS[699]) return;
        isWaiting = true;
        return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(transient)));
      };
      const ended = sync();
      await until(() => isWaiting);
      world.runner.beforeApplicationShutdown();
      expect(await ended).toEqual({ kind: 'stopped' });
      await world.runner.onApplicationShutdown();
      expect(await world.record()).toMatchObject({
        state: 'running',
        added: 700,
        resumeAfter: NUMBERS[699],
        claim: null,
        dueAt: START,
        attempts: 0,
        lastError: null,
      });
      world.vendor.before = () => undefined;
      expect(await world.newRunner().start(await take())).toEqual({ kind: 'completed' });
      expect(await world.record()).toMatchObject({ added: 1_200 });
    });

    it('stops after a batch, and begins nothing', async () => {
      world.vendor.hold(...NUMBERS);
      world.vendor.before = (after) => {
        if (after === NUMBERS[299]) world.runner.beforeApplicationShutdown();
      };
      expect(await sync()).toEqual({ kind: 'stopped' });
      expect(await world.record()).toMatchObject({ added: 500, claim: null, dueAt: START });
      world.vendor.asked.length = 0;
      expect(await sync()).toEqual({ kind: 'stopped' });
      expect(world.vendor.asked).toEqual([]);
      expect(await world.record()).toMatchObject({ added: 500, claim: null, dueAt: START });
    });
  });

  it('holds no more of a list of 100,000 numbers than the page that is read', async () => {
    const gc = collector();
    const pages: WeakRef<object>[] = [];
    const TOTAL = 100_000;
    const alive: number[] = [];
    jest.spyOn(world.vendor, 'numbers').mockImplementation(async function* () {
      for (let start = 0; start < TOTAL; start += 500) {
        const numbers = Array.from({ length: 500 }, (_, index) => owned(`+1${2_025_000_000 + start + index}`));
        for (const number of numbers) pages.push(new WeakRef(number));
        if (start % 10_000 === 0) {
          await new Promise((resolve) => setImmediate(resolve));
          gc();
          alive.push(pages.filter((page) => page.deref()).length);
        }
        yield { numbers, next: start + 500 < TOTAL ? String(start + 500) : null };
      }
    });
    expect(await sync()).toEqual({ kind: 'completed' });
    expect(await world.record()).toMatchObject({ added: TOTAL, state: 'completed' });
    expect(alive).toHaveLength(10);
    expect(Math.max(...alive)).toBeLessThanOrEqual(2_000);
  });
});
