import { recheckAt } from './recheck-time';

describe('recheckAt', () => {
  it('is an interval ahead, and up to a tenth more', () => {
    expect(recheckAt(1_000, 60_000, () => 0)).toBe(61_000);
    expect(recheckAt(1_000, 60_000, () => 0.5)).toBe(64_000);
  });

  it('is never where it is switched off', () => expect(recheckAt(1_000, 0)).toBeNull());
});
