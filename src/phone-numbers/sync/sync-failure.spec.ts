import { AppError } from '../../common/errors/app-error';
import { ProviderError, type ProviderErrorKind } from '../../providers/contract/provider-error';
import { syncError, syncFailure } from './sync-failure';

describe('syncFailure', () => {
  it.each<ProviderErrorKind>(['credentials_rejected', 'permanent', 'not_owned'])(
    'ends a run for good on %s',
    (kind) => {
      expect(syncFailure(new ProviderError(kind, 'no'), 0)).toEqual({ error: 'no', retryAfterMs: null });
    },
  );

  it.each<ProviderErrorKind>(['transient', 'rate_limited'])('puts a run off on %s, longer each time', (kind) => {
    const delays = [0, 1, 2, 3, 50].map((attempts) => syncFailure(new ProviderError(kind, 'x'), attempts).retryAfterMs);
    // Exponential from 2 s to 5 min, of which at least half is kept.
    for (const [index, most] of [2_000, 4_000, 8_000, 16_000, 300_000].entries()) {
      expect(delays[index]).toBeGreaterThanOrEqual(most / 2);
      expect(delays[index]).toBeLessThanOrEqual(most);
    }
  });

  it('comes back no sooner than the provider has asked for', () => {
    const error = new ProviderError('rate_limited', 'slow down', { retryAfterMs: 60_000 });
    expect(syncFailure(error, 0).retryAfterMs).toBe(60_000);
  });

  it('puts a run off on an error that nobody foresaw, without repeating its words', () => {
    const { error, retryAfterMs } = syncFailure(new Error('secret'), 0);
    expect(error).toBe('Unexpected failure');
    expect(retryAfterMs).toBeGreaterThan(0);
  });

  it('cuts what is longer than its column', () => {
    expect(syncFailure(new ProviderError('permanent', 'x'.repeat(300)), 0).error).toHaveLength(255);
  });
});

describe('syncError', () => {
  it.each([
    [504, new ProviderError('transient', 'late', { timedOut: true })],
    [503, new ProviderError('transient', 'down')],
    [503, new ProviderError('rate_limited', 'slow down')],
    [502, new ProviderError('permanent', 'refused')],
  ])('is %d for %s', (status, cause) => {
    const error = syncError(cause);
    expect(error).toMatchObject({ reason: 'PROVIDER_UNAVAILABLE', status, cause });
    const { message, details } = error as AppError;
    expect(message).toContain('what was read so far is kept');
    expect(details[0]).toEqual({ field: 'provider', message: cause.message });
    expect(details[1]?.message).toContain('What was read so far is kept');
  });

  it('hands on when to try again, in whole seconds', () => {
    const error = syncError(new ProviderError('rate_limited', 'slow down', { retryAfterMs: 1_500 }));
    expect(error).toMatchObject({ retryAfterS: 2 });
  });

  it('tells rejected credentials apart', () => {
    const error = syncError(new ProviderError('credentials_rejected', 'no'));
    expect(error).toMatchObject({ reason: 'CREDENTIALS_REJECTED', status: 422, details: [{ message: 'no' }] });
  });

  it('leaves everything else as it is', () => {
    const error = new AppError('UNAVAILABLE');
    expect(syncError(error)).toBe(error);
  });
});
