import type { CallReport, CallStatus } from '../../providers/contract/call';
import { ProviderError } from '../../providers/contract/provider-error';
import type { Call } from '../call';
import type { CallSweep } from './call-sweep';
import { CHECK_AFTER_MS, OWN_NUMBER, START, SweepWorld } from './call-sweep.fixture';

const MINUTE = 60_000;
const CLAIM_MS = 35_000;

let world: SweepWorld;
let sweep: CallSweep;

beforeEach(async () => {
  world = await SweepWorld.open();
  sweep = world.newSweep();
});
afterEach(() => world.close());

function found(status: CallStatus, other: Partial<Extract<CallReport, { kind: 'found' }>> = {}): CallReport {
  const unsaid = { answeredAt: null, endedAt: null, durationS: null, endReason: null };
  return { kind: 'found', providerCallId: 'CA1', status, ...unsaid, ...other };
}

/** A call that we have placed, and of which the vendor has told nothing yet. */
const lostOnTheWay = { direction: 'outbound', providerCallId: null } as const satisfies Partial<Call>;

describe('a call that is due', () => {
  it('is asked for once nothing was heard of it for a while, with all that is known of it', async () => {
    await world.begin();
    world.now += CHECK_AFTER_MS - 1;
    expect(await sweep.checkDue()).toBe(0);
    world.now += 1;
    expect(await sweep.checkDue()).toBe(1);
    expect(world.vendors.asked).toEqual([
      {
        providerCallId: 'CA1',
        direction: 'inbound',
        ownNumber: OWN_NUMBER,
        farEnd: '+12025550147',
        startedAt: START,
        others: [],
      },
    ]);
  });

  it('that has ended is written with what its vendor tells, gives back its slot and is told', async () => {
    const call = await world.begin();
    await world.hear(call, { answeredAt: START + 2_000 });
    expect(await world.activeCalls()).toBe(1);
    world.vendors.read = () => found('completed', { endedAt: START + 44_000, durationS: 42, endReason: 'normal' });
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(call)).toEqual({
      status: 'completed',
      providerCallId: 'CA1',
      answeredAt: START + 2_000,
      endedAt: START + 44_000,
      durationS: 42,
      endReason: 'normal',
      holdsSlot: 0,
      checkAt: null,
      checkClaim: null,
    });
    expect(await world.activeCalls()).toBe(0);
    expect(await world.told(call)).toEqual(['call.initiated', 'call.answered', 'call.ended']);
    expect(await sweep.checkDue()).toBe(0);
  });

  it('that goes on keeps its slot and is asked for again a while later', async () => {
    const call = await world.begin();
    world.vendors.read = () => found('in_progress');
    for (const round of [1, 2]) {
      world.now += CHECK_AFTER_MS;
      expect(await sweep.checkDue()).toBe(1);
      const checkAt = START + (round + 1) * CHECK_AFTER_MS;
      expect(await world.call(call)).toMatchObject({ status: 'in_progress', checkAt, checkClaim: null });
    }
    expect(await world.activeCalls()).toBe(1);
    expect(await world.told(call)).toEqual(['call.initiated', 'call.answered']);
  });

  it('that its vendor knows no more ends when it was last heard of', async () => {
    const call = await world.begin();
    world.now += MINUTE;
    await world.hear(call, {});
    world.vendors.read = () => found('in_progress');
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    const seenAt = world.now;
    world.vendors.read = () => ({ kind: 'absent' });
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(call)).toMatchObject({
      status: 'completed',
      answeredAt: START + MINUTE,
      endedAt: seenAt,
      durationS: CHECK_AFTER_MS / 1000,
      endReason: 'end_unknown',
    });
    expect(await world.activeCalls()).toBe(0);
  });

  it('is asked for again, no sooner than its vendor says, where that is busy', async () => {
    const call = await world.begin();
    world.vendors.read = () => {
      throw new ProviderError('rate_limited', 'x', { retryAfterMs: 20 * MINUTE });
    };
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(call)).toMatchObject({ status: 'initiated', checkAt: world.now + 20 * MINUTE });
    world.now += 20 * MINUTE - 1;
    expect(await sweep.checkDue()).toBe(0);
    world.now += 1;
    expect(await sweep.checkDue()).toBe(1);
  });

  it('of a provider account that was deleted ends, also where another is configured now', async () => {
    const call = await world.begin();
    world.vendors.accountOf = () => 'pa_new';
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(world.vendors.asked).toEqual([]);
    expect(await world.call(call)).toMatchObject({ status: 'failed', endReason: 'end_unknown', holdsSlot: 0 });
    const other = await world.begin({ callId: 'call_2', providerCallId: 'CA2' });
    world.vendors.accountOf = () => null;
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(other)).toMatchObject({ status: 'failed', endReason: 'end_unknown' });
    expect(await world.activeCalls()).toBe(0);
  });
});

describe('a call that was placed without an answer', () => {
  it('is taken on under the name that its vendor gives it', async () => {
    const call = await world.begin(lostOnTheWay);
    world.vendors.read = () => found('ringing', { providerCallId: 'CA7' });
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(call)).toMatchObject({ status: 'ringing', providerCallId: 'CA7' });
    expect(await world.told(call)).toEqual(['call.initiated', 'call.ringing']);
  });

  it('was not placed where its vendor does not have it, and goes by no name then', async () => {
    const call = await world.begin(lostOnTheWay);
    world.vendors.read = () => ({ kind: 'absent' });
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(call)).toMatchObject({
      status: 'failed',
      endReason: 'not_placed',
      providerCallId: null,
      answeredAt: null,
      durationS: 0,
      holdsSlot: 0,
    });
    expect(await world.activeCalls()).toBe(0);
    expect(await world.told(call)).toEqual(['call.initiated', 'call.ended']);
  });

  it('is looked for until its vendor must list it', async () => {
    await world.close();
    world = await SweepWorld.open(10_000);
    sweep = world.newSweep();
    const call = await world.begin(lostOnTheWay);
    world.vendors.read = () => ({ kind: 'absent' });
    for (world.now += 10_000; world.now < START + 2 * MINUTE; world.now += 1_000) {
      await sweep.checkDue();
      expect(await world.call(call)).toMatchObject({ status: 'initiated' });
    }
    // 110 s in steps of 15 to 30 s, each up to a second late.
    expect(world.vendors.asked.length).toBeGreaterThanOrEqual(4);
    expect(world.vendors.asked.length).toBeLessThanOrEqual(8);
    world.now += 31_000;
    await sweep.checkDue();
    expect(await world.call(call)).toMatchObject({ status: 'failed', endReason: 'not_placed' });
  });

  it('is told apart from the other calls of its number at that time', async () => {
    await world.begin({
      callId: 'call_near',
      direction: 'outbound',
      providerCallId: 'CA_near',
      startedAt: START + MINUTE,
    });
    await world.begin({
      callId: 'call_far',
      direction: 'outbound',
      providerCallId: 'CA_far',
      startedAt: START - 3_600_000,
    });
    await world.begin({ callId: 'call_else', providerCallId: 'CA_else', e164: '+12025550199' });
    await world.begin(lostOnTheWay);
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(world.vendors.asked.find(({ providerCallId }) => providerCallId === null)?.others).toEqual(['CA_near']);
  });

  it('does not share its name with another that was lost at the same time', async () => {
    const one = await world.begin({ ...lostOnTheWay, callId: 'call_1' });
    const two = await world.begin({ ...lostOnTheWay, callId: 'call_2' });
    world.vendors.read = ({ others }) => {
      const providerCallId = ['CA1', 'CA2'].find((name) => !others.includes(name));
      return providerCallId ? found('ringing', { providerCallId }) : { kind: 'absent' };
    };
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    // Both were asked for at once, so both were found as the first of the two.
    const names = async () => [await world.call(one), await world.call(two)].map((call) => call.providerCallId);
    expect((await names()).sort()).toEqual(['CA1', null]);
    world.now += 15_000;
    await sweep.checkDue();
    expect((await names()).sort()).toEqual(['CA1', 'CA2']);
  });
});

describe('a call whose media goes through a process', () => {
  const bridged = { provider: 'san', providerCallId: null } as const;

  it('ends when it was last seen, once that process gives no sign of life', async () => {
    const call = await world.begin(bridged);
    await world.hear(call, {});
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(world.vendors.asked).toEqual([]);
    expect(await world.call(call)).toMatchObject({
      status: 'completed',
      endReason: 'connection_lost',
      answeredAt: START,
      endedAt: START + CHECK_AFTER_MS - MINUTE,
      durationS: CHECK_AFTER_MS / 1000 - 60,
    });
    expect(await world.activeCalls()).toBe(0);
  });

  it('is not missed before it was to give one', async () => {
    await world.close();
    world = await SweepWorld.open(1_000);
    sweep = world.newSweep();
    const call = await world.begin(bridged);
    world.now += MINUTE - 1;
    expect(await sweep.checkDue()).toBe(0);
    world.now += 1;
    expect(await sweep.checkDue()).toBe(1);
    expect(await world.call(call)).toMatchObject({ status: 'failed', endReason: 'connection_lost' });
  });

  it('is another matter than one that was placed there', async () => {
    const call = await world.begin({ ...bridged, direction: 'outbound' });
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(world.vendors.asked).toHaveLength(1);
    expect(await world.call(call)).toMatchObject({ status: 'initiated', checkAt: world.now + 60 * MINUTE });
  });
});

describe('a claim', () => {
  it('keeps others from asking, and lapses where its process died', async () => {
    const call = await world.begin();
    world.now += CHECK_AFTER_MS;
    let answer: (report: CallReport) => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      world.vendors.read = () => {
        resolve();
        return new Promise((settle) => (answer = settle));
      };
    });
    const first = sweep.checkDue();
    await asked;
    const other = world.newSweep();
    world.now += CLAIM_MS - 1;
    expect(await other.checkDue()).toBe(0);

    world.now += 1;
    world.vendors.read = () => found('completed', { endedAt: START + MINUTE });
    expect(await other.checkDue()).toBe(1);
    const ended = await world.call(call);
    expect(ended).toMatchObject({ status: 'completed', endedAt: START + MINUTE });
    answer(found('failed'));
    await first;
    expect(await world.call(call)).toEqual(ended);
  });

  it('gives way to news that came meanwhile', async () => {
    const call = await world.begin(lostOnTheWay);
    world.vendors.read = async () => {
      await world.hear(call, { status: 'ringing' }, 'CA9');
      return { kind: 'absent' };
    };
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(call)).toMatchObject({
      status: 'ringing',
      providerCallId: 'CA9',
      checkAt: world.now + CHECK_AFTER_MS,
    });
    expect(await world.activeCalls()).toBe(1);
  });

  it('gives way to an end that came meanwhile', async () => {
    const call = await world.begin();
    world.vendors.read = async () => {
      await world.hear(call, { status: 'busy' });
      return found('in_progress');
    };
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(await world.call(call)).toMatchObject({ status: 'busy', checkAt: null });
    expect(await world.told(call)).toEqual(['call.initiated', 'call.ended']);
    expect(await world.activeCalls()).toBe(0);
  });
});

describe('a turn', () => {
  it('asks for a few calls of one account at once, and for all of its sixteen', async () => {
    for (let index = 0; index < 20; index++)
      await world.begin({ callId: `call_${index}`, providerCallId: `CA${index}` });
    let atOnce = 0;
    let most = 0;
    world.vendors.read = async ({ providerCallId }) => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      return found('completed', { providerCallId: providerCallId ?? '' });
    };
    world.now += CHECK_AFTER_MS;
    expect([await sweep.checkDue(), await sweep.checkDue(), await sweep.checkDue()]).toEqual([16, 4, 0]);
    expect(most).toBe(4);
    expect(await world.activeCalls()).toBe(0);
  });

  it('asks for nothing that it could not write in time, and leaves it to who comes next', async () => {
    for (let index = 0; index < 5; index++)
      await world.begin({ callId: `call_${index}`, providerCallId: `CA${index}` });
    world.vendors.read = () => {
      world.now += CLAIM_MS;
      return found('in_progress');
    };
    world.now += CHECK_AFTER_MS;
    await sweep.checkDue();
    expect(world.vendors.asked).toHaveLength(4);
    expect(await sweep.checkDue()).toBe(1);
  });

  it('is waited for by a process that stops, which begins no other', async () => {
    for (let index = 0; index < 5; index++)
      await world.begin({ callId: `call_${index}`, providerCallId: `CA${index}` });
    let stopped: Promise<void> | undefined;
    world.vendors.read = async ({ providerCallId }) => {
      stopped ??= sweep.onApplicationShutdown();
      await new Promise((resolve) => setImmediate(resolve));
      return found('completed', { providerCallId: providerCallId ?? '' });
    };
    world.now += CHECK_AFTER_MS;
    void sweep.checkDue();
    while (!stopped) await new Promise((resolve) => setImmediate(resolve));
    await stopped;
    expect(world.vendors.asked).toHaveLength(4);
    expect(await world.activeCalls()).toBe(1);
  });
});
