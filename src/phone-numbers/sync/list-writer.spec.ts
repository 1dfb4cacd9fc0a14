import { RunLostError } from './run-lost.error';
import { ACCOUNT, AGENT, KEY, owned, sid, someNumbers, START, SyncWorld, NO_CAPABILITIES } from './sync.fixture';
import { CLAIM_MS, type SyncPlace, type SyncRun } from './sync-run';

const [ONE = '', TWO = '', THREE = ''] = someNumbers(3);
const PLACE: SyncPlace = { phase: 'listing', resumeAfter: 'cursor' };

describe('ListWriter', () => {
  let world: SyncWorld;
  let run: SyncRun;

  beforeEach(async () => {
    world = await SyncWorld.open();
    run = await take();
  });
  afterEach(() => world.close());

  const take = async (): Promise<SyncRun> => {
    const taken = await world.claims.take(KEY, () => true);
    if (!taken?.run) throw new Error('not taken');
    return taken.run;
  };

  it('adds what the inventory does not have, unattached, with its country and its identifier', async () => {
    expect(await world.writer.store(run, [owned(TWO), owned(ONE, null)], PLACE)).toEqual({ ...run, ...PLACE });
    expect(await world.inventory()).toEqual(
      new Map([
        [
          ONE,
          expect.objectContaining({ provider: 'twilio', status: 'inactive', agentId: null, providerNumberId: null }),
        ],
        [TWO, expect.objectContaining({ country: 'US', providerNumberId: sid(TWO), dueAt: null, updatedAt: START })],
      ]),
    );
    expect(await world.record()).toMatchObject({ added: 2, updated: 0, unchanged: 0, skipped: 0, gone: 0 });
  });

  it('stores where to go on with the numbers, and prolongs the claim', async () => {
    world.clock.advance(1_000);
    await world.writer.store(run, [owned(ONE)], PLACE);
    expect(await world.record()).toMatchObject({ ...PLACE, claimedUntil: START + 1_000 + CLAIM_MS, state: 'running' });
  });

  it('counts a number once, however often the provider lists it', async () => {
    await world.writer.store(run, [owned(ONE), owned(ONE), owned(TWO)], PLACE);
    await world.writer.store(run, [owned(TWO), owned(THREE)], PLACE);
    expect(await world.record()).toMatchObject({ added: 3, updated: 0, unchanged: 0 });
  });

  it('leaves alone what is as it was, whether attached or registered by hand', async () => {
    await world.addNumber(ONE, { provider_number_id: sid(ONE), agent_id: AGENT, status: 'active', label: 'Desk' });
    await world.addNumber(TWO, { provider_number_id: sid(TWO) });
    const before = await world.inventory();
    world.clock.advance(1_000);
    await world.writer.store(run, [owned(ONE), owned(TWO, null)], PLACE);
    expect(await world.inventory()).toEqual(before);
    expect(await world.record()).toMatchObject({ added: 0, updated: 0, unchanged: 2 });
  });

  it('takes over new identifiers, each its own', async () => {
    await world.addNumber(ONE, { provider_number_id: 'PN-old', agent_id: AGENT, status: 'active' });
    await world.addNumber(TWO);
    await world.addNumber(THREE, { provider_number_id: sid(THREE) });
    await world.writer.store(
      run,
      [ONE, TWO, THREE].map((e164) => owned(e164)),
      PLACE,
    );
    for (const e164 of [ONE, TWO, THREE]) expect((await world.number(e164)).providerNumberId).toBe(sid(e164));
    expect(await world.number(ONE)).toMatchObject({
      agentId: AGENT,
      status: 'active',
      generation: 0,
      updatedAt: START,
    });
    expect(await world.record()).toMatchObject({ added: 0, updated: 2, unchanged: 1 });
  });

  it('leaves a number alone that is registered under another provider', async () => {
    await world.addNumber(ONE, { provider: 'san' });
    await world.writer.store(run, [owned(ONE)], PLACE);
    expect(await world.number(ONE)).toMatchObject({ provider: 'san', providerNumberId: null, updatedAt: START - 1 });
    expect(await world.record()).toMatchObject({ added: 0, updated: 0, unchanged: 0, skipped: 1 });
  });

  it('has an attached number routed again that was gone and is back', async () => {
    await world.addNumber(ONE, {
      agent_id: AGENT,
      reason: 'gone_at_provider',
      provider_number_id: 'PN-old',
      route_generation: 3,
      confirmed_generation: 3,
      route_attempts: 4,
      route_error: 'x',
    });
    await world.writer.store(run, [owned(ONE)], PLACE);
    expect(await world.number(ONE)).toMatchObject({
      agentId: AGENT,
      status: 'pending',
      reason: null,
      generation: 4,
      confirmed: 3,
      dueAt: START,
      claim: null,
      providerNumberId: sid(ONE),
    });
    expect(await world.record()).toMatchObject({ updated: 1, unchanged: 0 });
  });

  it.each([
    [null, { status: 'pending', reason: 'awaiting_first_call' }],
    [START, { status: 'active', reason: null }],
  ])('has no route raised where numbers are bound by hand (proven at %s)', async (proven_at, expected) => {
    world.capabilities = { ...NO_CAPABILITIES, list: true };
    await world.addNumber(ONE, { agent_id: AGENT, reason: 'gone_at_provider', proven_at });
    await world.writer.store(run, [owned(ONE)], PLACE);
    expect(await world.number(ONE)).toMatchObject({ ...expected, generation: 0, dueAt: null });
  });

  it('stores more numbers at once than one statement takes', async () => {
    const numbers = someNumbers(1_234);
    for (const e164 of numbers.slice(0, 600)) world.vendor.hold(e164);
    await world.writer.store(
      run,
      numbers.slice(0, 600).map((e164) => owned(e164)),
      PLACE,
    );
    await world.writer.store(
      run,
      numbers.map((e164) => owned(e164)),
      PLACE,
    );
    expect(await world.record()).toMatchObject({ added: 1_234, unchanged: 0 });
    expect((await world.inventory()).size).toBe(1_234);
  });

  it('leaves the numbers of another account alone', async () => {
    await world.insert('account', { account_id: 'acct_two', name: 'two', created_at: START });
    const row = { status: 'inactive', created_at: 0, updated_at: 0 };
    await world.insert('phone_number', { account_id: 'acct_two', e164: ONE, provider: 'san', ...row });
    await world.writer.store(run, [owned(ONE)], PLACE);
    expect(await world.record()).toMatchObject({ added: 1, skipped: 0 });
    expect(await world.number(ONE)).toMatchObject({ provider: 'twilio' });
  });

  it('writes nothing once the run is in other hands', async () => {
    world.clock.advance(CLAIM_MS);
    const other = await take();
    expect(other.syncId).toBe(run.syncId);
    await expect(world.writer.store(run, [owned(ONE)], PLACE)).rejects.toThrow(RunLostError);
    expect((await world.inventory()).size).toBe(0);
    expect(await world.record()).toMatchObject({ added: 0, resumeAfter: null, claim: other.claim });
    expect(run.accountId).toBe(ACCOUNT);
  });
});
