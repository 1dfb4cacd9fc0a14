import { ProviderError } from '../providers/contract/provider-error';
import { failed } from './route-outcome';

beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(1));
afterEach(() => jest.restoreAllMocks());

describe('failed', () => {
  it.each([
    ['transient', 'provider_unavailable'],
    ['rate_limited', 'provider_rate_limited'],
  ] as const)('retries what is %s', (kind, reason) => {
    expect(failed(new ProviderError(kind, 'Twilio answered HTTP 503'), 0)).toEqual({
      kind: 'retry',
      reason,
      error: 'Twilio answered HTTP 503',
      retryAfterMs: 1_000,
    });
  });

  it.each([
    ['credentials_rejected', 'credentials_rejected'],
    ['not_owned', 'not_owned_at_provider'],
    ['permanent', 'refused_by_provider'],
  ] as const)('takes %s for a refusal', (kind, reason) => {
    expect(failed(new ProviderError(kind, 'no'), 3)).toEqual({ kind: 'refused', reason, error: 'no' });
  });

  it('waits twice as long after each failure, five minutes at most', () => {
    const delays = [0, 1, 2, 8, 9, 1_000].map((attempts) => failed(new ProviderError('transient', 'x'), attempts));
    expect(delays.map((outcome) => outcome.kind === 'retry' && outcome.retryAfterMs)).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
    ]);
  });

  it('waits no shorter than the provider asks, and no shorter than its own delay', () => {
    const after = (retryAfterMs: number) => failed(new ProviderError('rate_limited', 'x', { retryAfterMs }), 2);
    expect(after(60_000)).toMatchObject({ retryAfterMs: 60_000 });
    expect(after(900_000)).toMatchObject({ retryAfterMs: 900_000 });
    expect(after(1)).toMatchObject({ retryAfterMs: 4_000 });
  });

  it.each([new TypeError('secret token abc'), 'text', undefined])(
    'retries what no adapter foresaw, and hides it',
    (error) => {
      expect(failed(error, 0)).toEqual({
        kind: 'retry',
        reason: 'provider_unavailable',
        error: 'Unexpected failure',
        retryAfterMs: 1_000,
      });
    },
  );

  it('fits the error into its column', () => {
    const { error } = failed(new ProviderError('permanent', 'x'.repeat(1_000)), 0) as { error: string };
    expect(error).toBe('x'.repeat(255));
  });
});
