import { setImmediate as nextTurn } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ProviderError } from '../providers/contract/provider-error';
import { ACCOUNT, AGENT, Gate, openWorld, OUR_URL, someNumbers, START, until, type World } from './attachments.fixture';
import { RouteReconciler } from './route-reconciler';

const [ONE = '', TWO = '', THREE = ''] = someNumbers(3);
const FORMER = 'https://former.example/voice';

describe('RouteReconciler', () => {
  let world: World;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    world = await openWorld({ inlineMs: 0 });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  const attach = (...numbers: string[]) =>
    world.service.attach({
      accountId: ACCOUNT,
      agentId: AGENT,
      provider: 'twilio',
      numbers,
      reassign: false,
      dryRun: false,
    });
  const detach = (...numbers: string[]) =>
    world.service.detach({ accountId: ACCOUNT, agentId: AGENT, numbers, dryRun: false });
  const methods = () => world.twilio.calls.map((call) => call.split(' ')[0]);

  async function own(...numbers: string[]): Promise<void> {
    world.twilio.hold(numbers, FORMER);
    for (const e164 of numbers) await world.addNumber(e164);
  }

  function failWith(kind: ConstructorParameters<typeof ProviderError>[0], retryAfterMs?: number): void {
    world.twilio.before = () => {
      throw new ProviderError(kind, `Twilio: ${kind}`, { retryAfterMs });
    };
  }

  /** Holds every call of the method until the gate is opened; `reached` counts the calls held. */
  function holdAt(method: string): { gate: Gate; reached: () => number } {
    const gate = new Gate();
    let held = 0;
    world.twilio.before = async (call) => {
      if (call.method !== method) return;
      held++;
      await gate.passed;
    };
    return { gate, reached: () => held };
  }

  describe('settleDue', () => {
    it('settles what is due, of every account', async () => {
      await own(ONE);
      await world.insert('phone_number', {
        account_id: 'acct_two',
        e164: TWO,
        provider: 'twilio',
        agent_id: 'agent_two',
        status: 'pending',
        route_generation: 1,
        route_due_at: START,
        created_at: START,
        updated_at: START,
      });
      world.twilio.hold([TWO]);
      await attach(ONE);
      expect(await world.reconciler.settleDue()).toBe(2);
      expect([world.twilio.urlOf(ONE), world.twilio.urlOf(TWO)]).toEqual([OUR_URL, OUR_URL]);
      expect(await world.number(ONE)).toMatchObject({ status: 'active', confirmed: 1, dueAt: null, claim: null });
      expect(await world.reconciler.settleDue()).toBe(0);
    });

    it('takes sixteen at a time, the longest waiting first', async () => {
      const numbers = someNumbers(20);
      await own(...numbers);
      for (const [index, e164] of numbers.entries()) {
        await world.change(e164, { agent_id: AGENT, route_generation: 1, route_due_at: START - index });
      }
      expect(await world.reconciler.settleDue()).toBe(16);
      const left = numbers.filter((e164) => world.twilio.urlOf(e164) !== OUR_URL);
      expect(left).toEqual(numbers.slice(0, 4));
      expect(await world.reconciler.settleDue()).toBe(4);
    });

    it('leaves alone what is not due yet, and what somebody has claimed', async () => {
      await own(ONE, TWO);
      await world.change(ONE, { route_generation: 1, route_due_at: START + 1 });
      await world.change(TWO, { route_generation: 1, route_due_at: START + 12_000, route_claim: 'clm_other' });
      expect(await world.reconciler.settleDue()).toBe(0);
      world.clock.advance(1);
      expect(await world.reconciler.settleDue()).toBe(1);
    });

    it('takes over from a process that died, when its claim has lapsed', async () => {
      await own(ONE);
      await world.change(ONE, {
        agent_id: AGENT,
        status: 'pending',
        route_generation: 1,
        route_due_at: START + 12_000,
        route_claim: 'clm_dead',
      });
      world.clock.advance(11_999);
      expect(await world.reconciler.settleDue()).toBe(0);
      world.clock.advance(1);
      expect(await world.reconciler.settleDue()).toBe(1);
      expect(await world.number(ONE)).toMatchObject({ status: 'active', claim: null });
    });

    it('leaves a number that waited too long for its turn to whoever comes after its claim', async () => {
      await own(ONE);
      await attach(ONE);
      world.providers.before = () => world.clock.advance(10_500);
      await world.reconciler.settleDue();
      expect(world.twilio.calls).toEqual([]);
      expect(await world.number(ONE)).toMatchObject({
        status: 'pending',
        reason: null,
        attempts: 0,
        dueAt: START + 12_000,
      });

      world.providers.before = () => undefined;
      expect(await world.reconciler.settleDue()).toBe(0);
      world.clock.advance(1_500);
      expect(await world.reconciler.settleDue()).toBe(1);
      expect(await world.number(ONE)).toMatchObject({ status: 'active' });
    });

    it('does not let one number keep the others from settling', async () => {
      await own(ONE, TWO);
      await attach(ONE, TWO);
      world.twilio.before = ({ e164 }) => {
        if (e164 === ONE) throw new TypeError('bug in an adapter');
      };
      await world.reconciler.settleDue();
      expect(await world.number(ONE)).toMatchObject({ status: 'pending', error: 'Unexpected failure', attempts: 1 });
      expect(await world.number(TWO)).toMatchObject({ status: 'active' });
    });

    it('survives a database that fails while an outcome is written, and tries again when the claim lapses', async () => {
      await own(ONE);
      await attach(ONE);
      jest.spyOn(world.works, 'record').mockRejectedValueOnce(new Error('gone away'));
      expect(await world.reconciler.settleDue()).toBe(1);
      expect(await world.number(ONE)).toMatchObject({ status: 'pending', confirmed: 0 });
      world.clock.advance(12_000);
      await world.reconciler.settleDue();
      expect(await world.number(ONE)).toMatchObject({ status: 'active', confirmed: 1 });
    });
  });

  describe('after a failure', () => {
    it('waits longer each time, then settles', async () => {
      jest.spyOn(Math, 'random').mockReturnValue(1);
      await own(ONE);
      await attach(ONE);
      failWith('transient');
      for (const [index, delay] of [1_000, 2_000, 4_000].entries()) {
        await world.reconciler.settleDue();
        expect(await world.number(ONE)).toMatchObject({
          status: 'pending',
          reason: 'provider_unavailable',
          error: 'Twilio: transient',
          attempts: index + 1,
          dueAt: world.clock.now() + delay,
          claim: null,
        });
        world.clock.advance(delay - 1);
        expect(await world.reconciler.settleDue()).toBe(0);
        world.clock.advance(1);
      }
      world.twilio.before = () => undefined;
      await world.reconciler.settleDue();
      expect(await world.number(ONE)).toMatchObject({
        status: 'active',
        reason: null,
        error: null,
        attempts: 0,
        confirmed: 1,
      });
    });

    it('honours Retry-After', async () => {
      await own(ONE);
      await attach(ONE);
      failWith('rate_limited', 120_000);
      await world.reconciler.settleDue();
      expect(await world.number(ONE)).toMatchObject({ reason: 'provider_rate_limited', dueAt: START + 120_000 });
      world.clock.advance(119_999);
      expect(await world.reconciler.settleDue()).toBe(0);
      world.clock.advance(1);
      expect(await world.reconciler.settleDue()).toBe(1);
    });

    it('gives up on a refusal until the provider changes, then asks again', async () => {
      await own(ONE, TWO);
      await attach(ONE);
      failWith('credentials_rejected');
      await world.reconciler.settleDue();
      const refused = { status: 'inactive', reason: 'credentials_rejected', dueAt: null, claim: null, agentId: AGENT };
      expect(await world.number(ONE)).toMatchObject(refused);
      world.clock.advance(86_400_000);
      expect(await world.reconciler.settleDue()).toBe(0);

      world.twilio.before = () => undefined;
      const settled = await world.number(TWO);
      await world.database.transaction((manager) =>
        world.repository.retryProvider(manager, ACCOUNT, 'twilio', world.clock.now()),
      );
      expect(await world.number(ONE)).toMatchObject({
        status: 'pending',
        reason: null,
        attempts: 0,
        attachedAt: START,
      });
      expect(await world.number(TWO)).toEqual(settled);
      expect(await world.reconciler.settleDue()).toBe(1);
      expect(await world.number(ONE)).toMatchObject({ status: 'active', reason: null });
    });

    it('keeps a detached number inactive, whatever the provider says', async () => {
      await own(ONE);
      await attach(ONE);
      await world.reconciler.settleDue();
      await detach(ONE);
      failWith('transient');
      await world.reconciler.settleDue();
      expect(await world.number(ONE)).toMatchObject({ status: 'inactive', reason: null, attempts: 1 });
      failWith('permanent');
      world.clock.advance(10_000);
      await world.reconciler.settleDue();
      expect(await world.number(ONE)).toMatchObject({ status: 'inactive', reason: null, dueAt: null, agentId: null });

      world.twilio.before = () => undefined;
      await world.database.transaction((manager) =>
        world.repository.retryProvider(manager, ACCOUNT, 'twilio', world.clock.now()),
      );
      await world.reconciler.settleDue();
      expect(await world.number(ONE)).toMatchObject({ status: 'inactive', reason: null, confirmed: 3 });
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
    });
  });

  describe('when the wish changes while a call is under way', () => {
    it.each(['readRoute', 'route'])('follows a detach that comes during %s', async (method) => {
      await own(ONE);
      await attach(ONE);
      const { gate, reached } = holdAt(method);
      const settling = world.reconciler.settleDue();
      await until(() => reached() === 1);
      await detach(ONE);
      expect(await world.reconciler.settleDue()).toBe(0);
      gate.open();
      await settling;
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
      expect(await world.number(ONE)).toMatchObject({
        agentId: null,
        status: 'inactive',
        generation: 2,
        confirmed: 2,
        dueAt: null,
        claim: null,
        routeUrl: null,
        formerRoute: null,
      });
    });

    it('follows an attach that comes while the former route is given back', async () => {
      await own(ONE);
      await attach(ONE);
      await world.reconciler.settleDue();
      await detach(ONE);
      const { gate, reached } = holdAt('unroute');
      const settling = world.reconciler.settleDue();
      await until(() => reached() === 1);
      await attach(ONE);
      gate.open();
      await settling;
      expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
      expect(await world.number(ONE)).toMatchObject({
        status: 'active',
        generation: 3,
        confirmed: 3,
        formerRoute: JSON.stringify({ url: FORMER }),
      });
      await detach(ONE);
      await world.reconciler.settleDue();
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
    });

    it('does not confirm, nor give up on, what has changed since', async () => {
      await own(ONE);
      await attach(ONE);
      const gate = new Gate();
      let isFirst = true;
      world.twilio.before = async () => {
        if (!isFirst) return;
        isFirst = false;
        await gate.passed;
        throw new ProviderError('permanent', 'no');
      };
      const settling = world.reconciler.settleDue();
      await until(() => world.twilio.calls.length === 1);
      await detach(ONE);
      await attach(ONE);
      gate.open();
      await settling;
      expect(await world.number(ONE)).toMatchObject({ status: 'active', reason: null, generation: 3, confirmed: 3 });
    });

    it('leaves the row to whoever has taken the claim over', async () => {
      await own(ONE);
      await attach(ONE);
      const { gate, reached } = holdAt('route');
      const settling = world.reconciler.settleDue();
      await until(() => reached() === 1);
      await world.change(ONE, { route_claim: 'clm_other' });
      const before = await world.number(ONE);
      gate.open();
      await settling;
      expect(await world.number(ONE)).toEqual(before);
    });

    it('lets two that work on one number after a lapsed claim do no harm', async () => {
      await own(ONE);
      await attach(ONE);
      const { gate, reached } = holdAt('route');
      const first = world.reconciler.settleDue();
      await until(() => reached() === 1);
      world.clock.advance(12_000);
      const second = world.reconciler.settleDue();
      await until(() => reached() === 2);
      gate.open();
      await Promise.all([first, second]);
      expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
      expect(await world.number(ONE)).toMatchObject({
        status: 'active',
        confirmed: 1,
        claim: null,
        formerRoute: JSON.stringify({ url: FORMER }),
      });
    });
  });

  describe('the provider ends up at the last wish', () => {
    /** The same sequence for the same seed, in [0, 1): a Lehmer generator, https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
    function randomFrom(seed: number): () => number {
      let state = seed;
      return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    }

    it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
      'however calls are delayed, repeated and answered: seed %d',
      async (seed) => {
        await world.close();
        world = await openWorld({ inlineMs: 3 });
        const random = randomFrom(seed);
        const numbers = [ONE, TWO, THREE];
        await own(...numbers);
        const disturb = async () => {
          for (let turns = Math.floor(random() * 12); turns > 0; turns--) await nextTurn();
          if (random() < 0.25) throw new ProviderError('transient', 'x');
        };
        world.twilio.before = disturb;
        world.twilio.after = disturb;

        const wanted = new Map<string, boolean>(numbers.map((e164) => [e164, false]));
        const requests: Promise<unknown>[] = [];
        for (let step = 0; step < 12; step++) {
          const e164 = numbers[Math.floor(random() * 3)] ?? ONE;
          const isAttached = !wanted.get(e164);
          requests.push(isAttached ? attach(e164) : detach(e164));
          wanted.set(e164, isAttached);
          // Committed in the order of asking; the provider is told whenever it is.
          await until(async () => ((await world.number(e164)).agentId !== null) === isAttached);
          if (random() < 0.3) requests.push(world.reconciler.settleDue());
          // Less in all than a claim is good for: an attempt of the real length never outlives its claim.
          world.clock.advance(Math.floor(random() * 800));
        }
        const rows = () => Promise.all(numbers.map((e164) => world.number(e164)));
        const isQuiet = async () => (await rows()).every(({ claim }) => claim === null);
        const isSettled = async () => (await rows()).every(({ dueAt }) => dueAt === null);
        for (let turn = 0; turn < 200 && !((await isQuiet()) && (await isSettled())); turn++) {
          await until(isQuiet);
          world.clock.advance(400_000);
          await world.reconciler.settleDue();
        }
        // Requests that poll for others' claims end at their deadline, which the clock has passed long since.
        await Promise.all(requests);

        for (const [e164, isAttached] of wanted) {
          expect([e164, world.twilio.urlOf(e164)]).toEqual([e164, isAttached ? OUR_URL : FORMER]);
          const row = await world.number(e164);
          expect(row).toMatchObject({ status: isAttached ? 'active' : 'inactive', dueAt: null, claim: null });
          expect(row.confirmed).toBe(row.generation);
        }
      },
    );
  });

  describe('settle', () => {
    beforeEach(async () => {
      await world.close();
      world = await openWorld({ inlineMs: 2_000 });
    });

    it('returns at once where there is nothing to settle', async () => {
      const transaction = jest.spyOn(world.database, 'transaction');
      await world.reconciler.settle(ACCOUNT, []);
      expect(transaction).not.toHaveBeenCalled();
    });

    it('settles numbers that are not due yet, and only those', async () => {
      await own(ONE, TWO);
      for (const e164 of [ONE, TWO]) await world.change(e164, { route_generation: 1, route_due_at: START + 2_500 });
      await world.reconciler.settle(ACCOUNT, [ONE]);
      expect(await world.number(ONE)).toMatchObject({ confirmed: 1, dueAt: null });
      expect(await world.number(TWO)).toMatchObject({ confirmed: 0, dueAt: START + 2_500 });
    });

    it('does not touch what is settled or was given up', async () => {
      await own(ONE, TWO);
      await world.change(TWO, { route_generation: 1, route_due_at: null, status: 'inactive' });
      await world.reconciler.settle(ACCOUNT, [ONE, TWO]);
      expect(world.twilio.calls).toEqual([]);
    });

    it('waits for whoever has the number already', async () => {
      await own(ONE);
      const { gate, reached } = holdAt('route');
      const first = attach(ONE);
      await until(() => reached() === 1);
      let isDone = false;
      const second = detach(ONE).then(() => (isDone = true));
      await until(async () => (await world.number(ONE)).generation === 2);
      expect(isDone).toBe(false);
      gate.open();
      await Promise.all([first, second]);
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
    });

    it('waits no longer than its time for a number in hands that are dead', async () => {
      await own(ONE);
      await world.change(ONE, { route_generation: 1, route_due_at: START + 12_000, route_claim: 'clm_dead' });
      const settling = world.reconciler.settle(ACCOUNT, [ONE]);
      await nextTurn();
      world.clock.advance(2_000);
      await settling;
      expect(await world.number(ONE)).toMatchObject({ confirmed: 0, claim: 'clm_dead' });
    });

    it('does not start once its time is over', async () => {
      const numbers = someNumbers(40);
      await own(...numbers);
      for (const e164 of numbers) await world.change(e164, { route_generation: 1, route_due_at: START + 2_500 });
      world.twilio.before = ({ e164 }) => {
        if (e164 === numbers[0]) world.clock.advance(2_000);
      };
      await world.reconciler.settle(ACCOUNT, numbers);
      expect(new Set(world.twilio.calls.map((call) => call.split(' ')[1])).size).toBe(16);
      const rest = await Promise.all(numbers.slice(16).map((e164) => world.number(e164)));
      expect(rest.every(({ claim, dueAt }) => claim === null && dueAt === START + 2_500)).toBe(true);
    });

    it('does not try twice within a request what has failed', async () => {
      await own(ONE, TWO);
      await world.change(TWO, { route_claim: 'clm_other', route_generation: 1, route_due_at: START + 12_000 });
      await world.change(ONE, { route_generation: 1, route_due_at: START + 2_500 });
      failWith('transient');
      const settling = world.reconciler.settle(ACCOUNT, [ONE, TWO]);
      await until(async () => (await world.number(ONE)).attempts === 1);
      await world.change(TWO, { confirmed_generation: 1, route_due_at: null, route_claim: null });
      await settling;
      expect(methods()).toEqual(['unroute']);
    });
  });

  describe('onApplicationShutdown', () => {
    it('lets attempts under way finish', async () => {
      await own(ONE);
      await attach(ONE);
      const { gate, reached } = holdAt('route');
      const settling = world.reconciler.settleDue();
      await until(() => reached() === 1);
      const stopping = world.reconciler.onApplicationShutdown();
      gate.open();
      await Promise.all([settling, stopping]);
      expect(await world.number(ONE)).toMatchObject({ status: 'active', claim: null });
    });

    it('gives a number back at once whose wish has changed, rather than go on', async () => {
      await own(ONE);
      await attach(ONE);
      const { gate, reached } = holdAt('route');
      const settling = world.reconciler.settleDue();
      await until(() => reached() === 1);
      await detach(ONE);
      const stopping = world.reconciler.onApplicationShutdown();
      gate.open();
      await Promise.all([settling, stopping]);
      expect(methods()).toEqual(['readRoute', 'route']);
      expect(await world.number(ONE)).toMatchObject({ claim: null, dueAt: START, generation: 2, confirmed: 0 });

      const { config, clock, database, works, attempt } = world;
      const successor = new RouteReconciler(config, clock, database, works, attempt, world.news);
      expect(await successor.settleDue()).toBe(1);
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
    });

    it('is quick when there is nothing to do', async () => {
      await own(ONE);
      await attach(ONE);
      const before = await world.number(ONE);
      await world.reconciler.onApplicationShutdown();
      expect(await world.number(ONE)).toEqual(before);
    });

    it('stops waiting within requests', async () => {
      await world.close();
      world = await openWorld({ inlineMs: 60_000 });
      await own(ONE);
      await world.change(ONE, { route_generation: 1, route_due_at: START + 12_000, route_claim: 'clm_other' });
      const settling = world.reconciler.settle(ACCOUNT, [ONE]);
      await nextTurn();
      await world.reconciler.onApplicationShutdown();
      await settling;
      expect(await world.number(ONE)).toMatchObject({ claim: 'clm_other' });
    });
  });
});
