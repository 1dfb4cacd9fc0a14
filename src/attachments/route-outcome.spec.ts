import { ProviderError } from '../providers/contract/provider-error';
import { changesAfter, failed } from './route-outcome';
import type { RouteOutcome, RouteWork } from './route-work';

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

describe('changesAfter', () => {
  const work: RouteWork = {
    accountId: 'acct_one',
    e164: '+12025551001',
    provider: 'twilio',
    providerNumberId: 'PN1',
    agentId: 'agent_a',
    attachedAt: 1_764_000_000_000,
    status: 'pending',
    isFollowed: true,
    generation: 1,
    attempts: 0,
    routeUrl: null,
    formerRoute: null,
    claim: 'clm_1',
    claimedUntil: 1_764_000_012_000,
  };
  const confirmed: RouteOutcome = { kind: 'confirmed', providerNumberId: 'PN1', routeUrl: 'https://patchbay.example' };
  const refused: RouteOutcome = { kind: 'refused', reason: 'refused_by_provider', error: 'no' };
  const retry: RouteOutcome = { kind: 'retry', reason: 'provider_unavailable', error: 'no', retryAfterMs: 1 };

  it.each([
    ['pending', confirmed, [{ status: 'active', reason: null }]],
    ['pending', refused, [{ status: 'inactive', reason: 'refused_by_provider' }]],
    ['active', retry, [{ status: 'pending', reason: 'provider_unavailable' }]],
    ['pending', retry, []],
    ['active', confirmed, []],
    ['pending', { kind: 'claim_lost' } as const, []],
  ] as const)('of a number that was %s: %o', (status, outcome, expected) => {
    const changes = changesAfter({ ...work, status }, outcome);
    expect(changes).toMatchObject(expected.map((number) => ({ previousStatus: status, number })));
    expect(changes).toHaveLength(expected.length);
  });

  it('are none where nobody follows, or the number is attached to none', () => {
    expect(changesAfter({ ...work, isFollowed: false }, confirmed)).toEqual([]);
    expect(changesAfter({ ...work, agentId: null }, confirmed)).toEqual([]);
  });
});
