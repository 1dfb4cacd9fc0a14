import { isId } from '../common/ids';
import { callIdOf } from './call-id';

const ACCOUNT = 'pa_01kawgyqr4e3v9m2t5x8b7c6dn';

describe('callIdOf', () => {
  it('has the form of an identifier', () => {
    for (const name of ['CA00000000000000000000000000000001', '', 'ü'.repeat(300)]) {
      expect(isId('call', callIdOf(ACCOUNT, name))).toBe(true);
    }
  });

  it('is the first 128 bits of SHA-256 in Crockford’s base 32', () => {
    // printf 'a\nb' | sha256sum
    const bits = callIdOf('a', 'b').slice('call_'.length);
    const value = [...bits].reduce(
      (sum, digit) => sum * 32n + BigInt('0123456789abcdefghjkmnpqrstvwxyz'.indexOf(digit)),
      0n,
    );
    expect(value.toString(16)).toBe('7e18f737311b2dc3b2f269dd78396b03');
  });

  it('is the same for the same call, and another for another call or account', () => {
    expect(callIdOf(ACCOUNT, 'CA1')).toBe(callIdOf(ACCOUNT, 'CA1'));
    expect(callIdOf(ACCOUNT, 'CA1')).not.toBe(callIdOf(ACCOUNT, 'CA2'));
    expect(callIdOf(ACCOUNT, 'CA1')).not.toBe(callIdOf('pa_01kawgyqr4e3v9m2t5x8b7c6dp', 'CA1'));
  });
});
