import { ProviderError } from '../contract/provider-error';
import { beforeTheCall } from './before-the-call';

describe('beforeTheCall', () => {
  it('knows that no phone rings, and keeps the rest', () => {
    const options = { httpStatus: 502, vendorCode: '7', retryAfterMs: 5, timedOut: true, wasAbandoned: true };
    const error = new ProviderError('transient', 'no answer', { ...options, isOutcomeUnknown: true });
    expect(beforeTheCall(error)).toMatchObject({
      kind: 'transient',
      message: 'no answer',
      ...options,
      isOutcomeUnknown: false,
    });
  });

  it('leaves every other error as it is', () => {
    for (const error of [new ProviderError('permanent', 'no'), new Error('bug'), 'text', undefined]) {
      expect(beforeTheCall(error)).toBe(error);
    }
  });
});
