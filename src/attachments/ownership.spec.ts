import { ProviderError } from '../providers/contract/provider-error';
import { unreachable } from './ownership';

describe('unreachable', () => {
  it.each([
    ['a timeout', new ProviderError('transient', 'x', { timedOut: true }), { kind: 'unreachable', status: 504 }],
    [
      'a fault of theirs',
      new ProviderError('transient', 'x', { httpStatus: 500 }),
      { kind: 'unreachable', status: 502 },
    ],
    ['rejected credentials', new ProviderError('credentials_rejected', 'x'), { kind: 'unreachable', status: 502 }],
    ['a refusal', new ProviderError('permanent', 'x'), { kind: 'unreachable', status: 502 }],
    [
      'their rate limit',
      new ProviderError('rate_limited', 'x', { retryAfterMs: 2_001 }),
      { kind: 'unreachable', status: 503, retryAfterS: 3 },
    ],
    [
      'their rate limit without a time',
      new ProviderError('rate_limited', 'x'),
      { kind: 'unreachable', status: 503, retryAfterS: 1 },
    ],
    ['a number that is not theirs', new ProviderError('not_owned', 'x'), { kind: 'not_owned' }],
  ])('tells %s', (_what, error, expected) => {
    expect(unreachable(error)).toEqual(expected);
  });

  it('passes on what is no fault of the provider', () => {
    const bug = new TypeError('x is undefined');
    expect(() => unreachable(bug)).toThrow(bug);
  });
});
