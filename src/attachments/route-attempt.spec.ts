import { Logger } from '@nestjs/common';
import { ProviderError } from '../providers/contract/provider-error';
import { ACCOUNT, AGENT, openWorld, OUR_URL, someNumbers, START, until, type World } from './attachments.fixture';
import type { RouteWork } from './route-work';

const [ONE = ''] = someNumbers(1);
const FORMER = 'https://former.example/voice';
const CLAIM = 'clm_mine';

describe('RouteAttempt', () => {
  let world: World;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    world = await openWorld();
    await world.addNumber(ONE, { agent_id: AGENT, route_claim: CLAIM, route_generation: 1 });
    world.twilio.hold([ONE], FORMER);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  const make = (work: Partial<RouteWork> = {}) =>
    world.attempt.make({
      accountId: ACCOUNT,
      e164: ONE,
      provider: 'twilio',
      providerNumberId: null,
      agentId: AGENT,
      attachedAt: START,
      status: 'pending',
      isFollowed: false,
      generation: 1,
      attempts: 0,
      routeUrl: null,
      formerRoute: null,
      claim: CLAIM,
      claimedUntil: START + 12_000,
      ...work,
    });

  const methods = () => world.twilio.calls.map((call) => call.split(' ')[0]);

  describe('of an attached number', () => {
    const confirmed = { kind: 'confirmed', providerNumberId: `PN${ONE.slice(1)}`, routeUrl: OUR_URL };

    it('saves what the provider held before it changes it', async () => {
      const saved: (string | null)[] = [];
      world.twilio.before = async ({ method }) => {
        if (method === 'route') saved.push((await world.number(ONE)).formerRoute);
      };
      expect(await make()).toEqual(confirmed);
      expect(saved).toEqual([JSON.stringify({ url: FORMER })]);
      expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
    });

    it('only reads where the route is right already', async () => {
      world.twilio.hold([ONE], OUR_URL);
      expect(await make()).toEqual(confirmed);
      expect(methods()).toEqual(['readRoute']);
      expect((await world.number(ONE)).formerRoute).toBeNull();
    });

    it.each([
      ['a former route is saved', { formerRoute: { url: 'https://first.example' } }],
      ['it has told a route before', { routeUrl: 'https://old.example/inbound/twilio/key' }],
    ])('takes a route for no former one where %s', async (_what, work) => {
      expect(await make(work)).toEqual(confirmed);
      expect((await world.number(ONE)).formerRoute).toBeNull();
      expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
    });

    it('leaves the provider alone when the claim is lost before its first change', async () => {
      await world.change(ONE, { route_claim: 'clm_other' });
      expect(await make()).toEqual({ kind: 'claim_lost' });
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
      expect((await world.number(ONE)).formerRoute).toBeNull();
    });

    it('finds its own change after a lost answer', async () => {
      world.twilio.after = ({ method }) => {
        if (method === 'route') throw new ProviderError('transient', 'connection reset');
      };
      expect(await make()).toMatchObject({ kind: 'retry', reason: 'provider_unavailable', error: 'connection reset' });
      world.twilio.after = () => undefined;
      expect(await make({ formerRoute: { url: FORMER } })).toEqual(confirmed);
      expect(methods()).toEqual(['readRoute', 'route', 'readRoute']);
    });

    it('takes a number that the account does not hold for refused', async () => {
      world.twilio.held.clear();
      expect(await make()).toMatchObject({ kind: 'refused', reason: 'not_owned_at_provider' });
    });
  });

  describe('of a detached number', () => {
    const confirmed = { kind: 'confirmed', providerNumberId: null, routeUrl: null };
    const detached = { agentId: null, routeUrl: OUR_URL, formerRoute: { url: FORMER } };

    it('gives the former route back', async () => {
      world.twilio.hold([ONE], OUR_URL);
      expect(await make(detached)).toEqual(confirmed);
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
    });

    it('clears the route where there was none', async () => {
      world.twilio.hold([ONE], OUR_URL);
      expect(await make({ ...detached, formerRoute: null })).toEqual(confirmed);
      expect(world.twilio.urlOf(ONE)).toBeNull();
    });

    it('gives back also what it had told under a former public URL', async () => {
      const old = OUR_URL.replace('patchbay.example', 'old.example');
      world.twilio.hold([ONE], old);
      expect(await make({ ...detached, routeUrl: old })).toEqual(confirmed);
      expect(world.twilio.urlOf(ONE)).toBe(FORMER);
    });

    it('leaves a route alone that somebody else has set since', async () => {
      world.twilio.hold([ONE], 'https://theirs.example');
      expect(await make(detached)).toEqual(confirmed);
      expect(world.twilio.urlOf(ONE)).toBe('https://theirs.example');
    });

    it('is done with a number that turns out sold', async () => {
      world.twilio.hold([ONE], OUR_URL);
      world.twilio.before = () => world.twilio.held.clear();
      expect(await make(detached)).toEqual({ kind: 'confirmed', providerNumberId: null, routeUrl: null });
    });

    it('retries any other failure', async () => {
      world.twilio.before = () => {
        throw new ProviderError('rate_limited', 'slow down', { retryAfterMs: 90_000 });
      };
      const outcome = await make(detached);
      expect(outcome).toMatchObject({ kind: 'retry', reason: 'provider_rate_limited', retryAfterMs: 90_000 });
    });
  });

  it('refuses where the credentials are gone', async () => {
    world.providers.unconfigured.add('twilio');
    expect(await make()).toMatchObject({ kind: 'refused', reason: 'provider_not_configured' });
  });

  it('retries later when the credentials cannot be opened', async () => {
    world.providers.before = () => {
      throw new Error('No secrets key with id 3ba3f5f4 is configured');
    };
    expect(await make({ attempts: 5 })).toMatchObject({ kind: 'retry', error: 'Unexpected failure' });
  });

  it('does not start when the claim would lapse under it', async () => {
    world.clock.advance(10_000);
    expect(await make()).toEqual({ kind: 'claim_lost' });
    expect(world.twilio.calls).toEqual([]);
  });

  it('ends two seconds before its claim lapses', async () => {
    const timer = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(timer.signal);
    world.clock.advance(3_000);
    world.twilio.before = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new ProviderError('transient', 'too slow', { timedOut: true })));
      });
    const outcome = make();
    await until(() => world.twilio.calls.length === 1);
    timer.abort();
    expect(await outcome).toMatchObject({ kind: 'retry', error: 'too slow' });
    expect(timeout).toHaveBeenCalledWith(7_000);
  });
});
