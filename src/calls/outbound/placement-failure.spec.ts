import { ProviderError } from '../../providers/contract/provider-error';
import { placementFailure } from './placement-failure';

describe('placementFailure', () => {
  it('is none where the phone may be ringing', () => {
    expect(placementFailure(new ProviderError('transient', 'lost', { isOutcomeUnknown: true }))).toBeNull();
    const late = { isOutcomeUnknown: true, timedOut: true, wasAbandoned: true };
    expect(placementFailure(new ProviderError('transient', 'late', late))).toBeNull();
    expect(placementFailure(new Error('anything else'))).toBeNull();
  });

  it.each([
    ['permanent', 'refused', 502, 'CALL_REFUSED'],
    ['not_owned', 'refused', 502, 'CALL_REFUSED'],
    ['credentials_rejected', 'credentials_rejected', 502, 'CALL_REFUSED'],
    ['transient', 'provider_unavailable', 502, 'PROVIDER_UNAVAILABLE'],
    ['rate_limited', 'provider_unavailable', 503, 'PROVIDER_UNAVAILABLE'],
  ] as const)('of a %s error is %s, %d %s', (kind, endReason, status, reason) => {
    const failure = placementFailure(new ProviderError(kind, 'in words'));
    expect(failure).toMatchObject({ endReason, error: { status, reason } });
  });

  it('says when to try again', () => {
    const limited = new ProviderError('rate_limited', 'wait', { retryAfterMs: 1_500 });
    expect(placementFailure(limited)?.error.retryAfterS).toBe(2);
    expect(placementFailure(new ProviderError('transient', 'late', { timedOut: true }))?.error.status).toBe(504);
  });

  it('is one where we stopped waiting before anything was sent', () => {
    const unsent = new ProviderError('transient', 'late', { timedOut: true, wasAbandoned: true });
    expect(placementFailure(unsent)).toMatchObject({ endReason: 'provider_unavailable', error: { status: 504 } });
  });
});
