import { Logger } from '@nestjs/common';
import { ProviderError } from '../../providers/contract/provider-error';
import { ACCOUNT, KEY, someNumbers, START, SyncWorld, until, NO_CAPABILITIES } from './sync.fixture';
import { CLAIM_MS } from './sync-run';

const NUMBERS = someNumbers(3);
const STARTED_AT = '2025-11-24T16:00:00.000Z';

describe('SyncService', () => {
  let world: SyncWorld;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    world = await SyncWorld.open();
    world.vendor.hold(...NUMBERS);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await world.close();
  });

  const sync = (provider = 'twilio') => world.service.sync(ACCOUNT, provider);

  it('answers with what has become of it', async () => {
    expect(START).toBe(Date.parse(STARTED_AT));
    const answer = await sync();
    expect(answer).toEqual({
      provider: 'twilio',
      status: 'completed',
      added: 3,
      updated: 0,
      gone: 0,
      unchanged: 0,
      skipped: 0,
      started_at: STARTED_AT,
      completed_at: STARTED_AT,
    });
    expect(await world.service.get(ACCOUNT, 'twilio')).toEqual({ ...answer, last_error: null, next_attempt_at: null });
  });

  it('knows no other providers than those of the API', async () => {
    await expect(sync('acme')).rejects.toMatchObject({ reason: 'PROVIDER_NOT_FOUND' });
    await expect(world.service.get(ACCOUNT, 'acme')).rejects.toMatchObject({ reason: 'PROVIDER_NOT_FOUND' });
  });

  it('refuses a provider that is not configured, and one whose account has just gone', async () => {
    await world.database.transaction((manager) => manager.query('DELETE FROM provider_account'));
    await expect(sync()).rejects.toMatchObject({ reason: 'PROVIDER_NOT_CONFIGURED', status: 400 });
    world.isConfigured = false;
    await expect(sync()).rejects.toMatchObject({ reason: 'PROVIDER_NOT_CONFIGURED' });
  });

  it('refuses a provider that has no list', async () => {
    world.capabilities = { ...NO_CAPABILITIES, lookup: true, route: true };
    await expect(sync()).rejects.toMatchObject({ reason: 'SYNC_NOT_SUPPORTED', status: 422 });
    await expect(world.service.get(ACCOUNT, 'twilio')).rejects.toMatchObject({ reason: 'SYNC_NOT_FOUND', status: 404 });
  });

  it('lets one run at a time, and says when to ask again', async () => {
    await world.claims.take(KEY, () => true);
    world.clock.advance(CLAIM_MS - 4_500);
    await expect(sync()).rejects.toMatchObject({
      reason: 'SYNC_IN_PROGRESS',
      status: 409,
      retryAfterS: 5,
      details: [{ field: 'provider', message: `A sync that began at ${STARTED_AT} is under way` }],
    });
    world.clock.advance(4_500);
    expect(await sync()).toMatchObject({ status: 'completed', started_at: STARTED_AT });
  });

  it('answers after ten seconds with the counts so far, and goes on', async () => {
    world.vendor.pageSize = 1;
    let open = (): void => undefined;
    let isWaiting = false;
    world.vendor.before = (after) => {
      if (after !== NUMBERS[1]) return;
      isWaiting = true;
      return new Promise<void>((resolve) => (open = resolve));
    };
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance', 'queueMicrotask', 'Date'] });
    const answer = sync();
    await until(() => isWaiting);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(await Promise.race([answer, Promise.resolve('waits')])).toBe('waits');
    await jest.advanceTimersByTimeAsync(1);
    expect(await answer).toMatchObject({ status: 'running', completed_at: null });
    open();
    await until(async () => (await world.record()).state === 'completed');
    expect(await world.service.get(ACCOUNT, 'twilio')).toMatchObject({ status: 'completed', added: 3 });
  });

  it('tells that the provider could not be reached, and how the sync stands', async () => {
    world.vendor.before = () => {
      throw new ProviderError('rate_limited', 'Twilio answered 429', { retryAfterMs: 60_000 });
    };
    await expect(sync()).rejects.toMatchObject({ reason: 'PROVIDER_UNAVAILABLE', status: 503, retryAfterS: 60 });
    expect(await world.service.get(ACCOUNT, 'twilio')).toMatchObject({
      status: 'running',
      completed_at: null,
      last_error: 'Twilio answered 429',
      next_attempt_at: '2025-11-24T16:01:00.000Z',
    });
  });

  it('tells that the provider has rejected the credentials', async () => {
    world.vendor.before = () => {
      throw new ProviderError('credentials_rejected', 'no');
    };
    await expect(sync()).rejects.toMatchObject({ reason: 'CREDENTIALS_REJECTED', status: 422 });
    expect(await world.service.get(ACCOUNT, 'twilio')).toMatchObject({ status: 'failed', completed_at: null });
  });

  it('hands on a failure of the database, and goes on afterwards', async () => {
    const failure = new Error('disk full');
    jest.spyOn(world.numbers, 'insert').mockRejectedValueOnce(failure);
    await expect(sync()).rejects.toBe(failure);
    expect(await world.record()).toMatchObject({ state: 'running', claim: null, lastError: 'Unexpected failure' });
    expect(await sync()).toMatchObject({ status: 'completed', added: 3 });
  });

  it('answers that it is running when the process stops', async () => {
    let isWaiting = false;
    world.vendor.before = (_after, signal) => {
      isWaiting = true;
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    };
    const answer = sync();
    await until(() => isWaiting);
    world.runner.beforeApplicationShutdown();
    expect(await answer).toMatchObject({ status: 'running', completed_at: null });
  });
});
