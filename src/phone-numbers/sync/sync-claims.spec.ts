import { ACCOUNT, KEY, START, SyncWorld } from './sync.fixture';
import { CLAIM_MS, isUnderWay, type SyncRun } from './sync-run';

describe('SyncClaims', () => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await SyncWorld.open();
  });
  afterEach(() => world.close());

  const take = () => world.claims.take(KEY, (record, now) => !isUnderWay(record, now));
  const taken = async (): Promise<SyncRun> => {
    const run = (await take())?.run;
    if (!run) throw new Error('not taken');
    return run;
  };
  const write = (work: Parameters<SyncWorld['database']['transaction']>[0]) => world.database.transaction(work);

  it('begins at the beginning', async () => {
    const answer = await take();
    expect(answer?.before).toBeNull();
    expect(answer?.run).toEqual({
      ...KEY,
      syncId: expect.stringMatching(/^sync_/) as string,
      claim: expect.stringMatching(/^clm_/) as string,
      phase: 'listing',
      resumeAfter: null,
      attempts: 0,
      startedAt: START,
    });
    expect(await world.record()).toMatchObject({ state: 'running', claimedUntil: START + CLAIM_MS, dueAt: null });
  });

  it('gives a run to one of several that come at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => take()));
    expect(answers.filter((answer) => answer?.run)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer?.run?.syncId ?? answer?.before?.syncId)).size).toBe(1);
  });

  it('tells how the one stands that was not to be taken', async () => {
    const run = await taken();
    const before = await world.record();
    expect(await take()).toEqual({ run: null, before });
    expect(before.claim).toBe(run.claim);
  });

  it('goes on with a run whose claim has lapsed, from where it is', async () => {
    const run = await taken();
    await world.writer.store(run, [], { phase: 'sweeping', resumeAfter: '+12025550000' });
    world.clock.advance(CLAIM_MS - 1);
    expect((await take())?.run).toBeNull();
    world.clock.advance(1);
    const next = await taken();
    expect(next).toEqual({ ...run, claim: next.claim, phase: 'sweeping', resumeAfter: '+12025550000' });
    expect(next.claim).not.toBe(run.claim);
    expect((await world.record()).claimedUntil).toBe(world.clock.now() + CLAIM_MS);
  });

  it('goes on with a run that waits, without waiting any longer', async () => {
    const run = await taken();
    await write((manager) => world.syncs.recordFailure(manager, run, { error: 'x', retryAfterMs: 60_000 }, START));
    expect(await world.record()).toMatchObject({ dueAt: START + 60_000, attempts: 1 });
    expect(await taken()).toMatchObject({ syncId: run.syncId, attempts: 1 });
    expect(await world.record()).toMatchObject({ dueAt: null });
  });

  it.each(['completed', 'failed'])('begins another after one that has %s, with nothing counted', async (state) => {
    const run = await taken();
    await write((manager) =>
      world.syncs.advance(manager, run, {
        phase: 'sweeping',
        resumeAfter: 'x',
        counts: { added: 1, updated: 2, gone: 3, unchanged: 4, skipped: 5 },
        claimedUntil: START,
      }),
    );
    await write((manager) =>
      state === 'completed'
        ? world.syncs.complete(manager, run, START)
        : world.syncs.recordFailure(manager, run, { error: 'x', retryAfterMs: null }, START),
    );
    expect(await world.record()).toMatchObject({ state, added: 1, updated: 2, gone: 3, unchanged: 4, skipped: 5 });

    world.clock.advance(5);
    const next = await taken();
    expect(next).toMatchObject({ phase: 'listing', resumeAfter: null, startedAt: START + 5 });
    expect(next.syncId).not.toBe(run.syncId);
    expect(await world.record()).toMatchObject({
      state: 'running',
      added: 0,
      updated: 0,
      gone: 0,
      unchanged: 0,
      skipped: 0,
      attempts: 0,
      lastError: null,
      endedAt: null,
    });
  });

  it('takes nothing of a provider account that is gone', async () => {
    expect(await world.claims.take({ ...KEY, providerAccountId: 'pa_gone' }, () => true)).toBeNull();
  });

  it('is told apart by provider account', async () => {
    const row = { sealed_credentials: 'x', secrets_key_id: 'x', verified: 1, created_at: 0, updated_at: 0 };
    const other = { provider_account_id: 'pa_two', account_id: ACCOUNT, provider: 'telnyx', inbound_key: 'k2' };
    await world.insert('provider_account', { ...other, ...row });
    await taken();
    const second = await world.claims.take({ ...KEY, providerAccountId: 'pa_two', provider: 'telnyx' }, () => false);
    expect(second?.run).not.toBeNull();
  });
});
