import { Logger } from '@nestjs/common';
import type { Config } from '../../config/config';
import type { StoredEvent } from '../../events/event';
import { EventsRepository } from '../../events/events.repository';
import { ProviderError, type ProviderErrorKind } from '../../providers/contract/provider-error';
import {
  ACCOUNT,
  AGENT,
  DRIFT_INTERVAL_MS,
  openWorld,
  OTHER_AGENT,
  OUR_URL,
  someNumbers,
  type World,
} from '../attachments.fixture';
import { DriftCheck } from './drift-check';
import { DriftRepository } from './drift.repository';

const [ONE = '', TWO = ''] = someNumbers(2);
const THEIRS = 'https://elsewhere.example.com/voice';

describe('DriftCheck', () => {
  const events = new EventsRepository();
  let world: World;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    world = await openWorld({ inlineMs: 1_000 });
    world.twilio.hold([ONE, TWO]);
    await attach([ONE, TWO]);
    world.twilio.calls.length = 0;
  });

  afterEach(() => world.close());

  const attach = (numbers: string[], agentId = AGENT, reassign = false) =>
    world.service.attach({ accountId: ACCOUNT, agentId, provider: 'twilio', numbers, reassign, dryRun: false });
  const check = (config: Config = world.config) =>
    new DriftCheck(
      config,
      world.clock,
      world.database,
      new DriftRepository(world.database),
      events,
      world.providers.asService,
      world.news,
    ).checkDue();
  /** Later than any number's next reading. */
  const untilDue = () => world.clock.advance(1.2 * DRIFT_INTERVAL_MS);
  const drifts = (e164: string): Promise<StoredEvent[]> =>
    world.database.read((manager) => events.latestOfNumber(manager, ACCOUNT, e164, 'number.route_drifted', 5));

  it('leaves a route alone until its time has come', async () => {
    world.clock.advance(DRIFT_INTERVAL_MS - 1);
    expect(await check()).toBe(0);
    expect(world.twilio.calls).toEqual([]);
  });

  it('reads a settled route and looks again an interval later', async () => {
    untilDue();
    expect(await check()).toBe(2);
    expect(world.twilio.calls.sort()).toEqual([`readRoute ${ONE}`, `readRoute ${TWO}`]);
    expect(await world.number(ONE)).toMatchObject({ status: 'active', reason: null, generation: 1, confirmed: 1 });
    expect((await world.number(ONE)).checkAt).toBeGreaterThanOrEqual(world.clock.now() + DRIFT_INTERVAL_MS);
    expect(await check()).toBe(0);
    expect(await drifts(ONE)).toEqual([]);
  });

  it('has a changed route put right, and records what was told and what was found', async () => {
    world.twilio.hold([ONE], THEIRS);
    untilDue();
    await check();
    expect(await world.number(ONE)).toMatchObject({ status: 'pending', reason: 'route_drifted', generation: 2 });
    expect(await world.number(TWO)).toMatchObject({ status: 'active' });

    await world.reconciler.settleDue();
    expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
    expect(await world.number(ONE)).toMatchObject({ status: 'active', reason: null, confirmed: 2, agentId: AGENT });
    expect(await drifts(ONE)).toMatchObject([
      {
        type: 'number.route_drifted',
        e164: ONE,
        agentId: AGENT,
        provider: 'twilio',
        before: { answer_url: OUR_URL },
        after: { url: THEIRS },
        occurredAt: world.clock.now(),
      },
    ]);
    expect(await drifts(TWO)).toEqual([]);
  });

  it('keeps the route that the number had before us for the detach', async () => {
    const { formerRoute } = await world.number(ONE);
    world.twilio.hold([ONE], THEIRS);
    untilDue();
    await check();
    await world.reconciler.settleDue();
    expect((await world.number(ONE)).formerRoute).toBe(formerRoute);
  });

  it('finds a number that the account holds no more', async () => {
    world.twilio.held.delete(ONE);
    untilDue();
    await check();
    await world.reconciler.settleDue();
    expect(await world.number(ONE)).toMatchObject({ status: 'inactive', reason: 'not_owned_at_provider' });
    expect(await drifts(ONE)).toMatchObject([{ after: null }]);
  });

  it.each<ProviderErrorKind>(['transient', 'rate_limited', 'credentials_rejected', 'permanent'])(
    'takes %s for no finding and asks again in a minute',
    async (kind) => {
      world.twilio.before = () => {
        throw new ProviderError(kind, 'x');
      };
      untilDue();
      await check();
      expect(await world.number(ONE)).toMatchObject({
        status: 'active',
        generation: 1,
        checkAt: world.clock.now() + 60_000,
      });
    },
  );

  it('writes nothing over a change that was made meanwhile', async () => {
    world.twilio.hold([ONE], THEIRS);
    world.twilio.after = async ({ method, e164 }) => {
      if (method !== 'readRoute' || e164 !== ONE) return;
      world.twilio.after = () => undefined;
      await world.service.detach({ accountId: ACCOUNT, agentId: AGENT, numbers: [ONE], dryRun: false });
    };
    untilDue();
    await check();
    expect(await world.number(ONE)).toMatchObject({ agentId: null, status: 'inactive', generation: 2, confirmed: 2 });
    expect(await drifts(ONE)).toEqual([]);
  });

  it('names the agent that has the number now', async () => {
    await attach([ONE], OTHER_AGENT, true);
    world.twilio.hold([ONE], THEIRS);
    untilDue();
    await check();
    expect(await drifts(ONE)).toMatchObject([{ agentId: OTHER_AGENT }]);
  });

  it('passes over numbers that are detached, refused or unsettled', async () => {
    await world.service.detach({ accountId: ACCOUNT, agentId: AGENT, numbers: [ONE], dryRun: false });
    await world.change(TWO, { status: 'pending', route_generation: 2 });
    world.twilio.calls.length = 0;
    untilDue();
    expect(await check()).toBe(0);
    expect(world.twilio.calls).toEqual([]);
  });
});
