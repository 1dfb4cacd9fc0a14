import { VerdictSampler } from './verdict-sampler';

describe('VerdictSampler', () => {
  it('takes each thing once in ten seconds', () => {
    let now = 0;
    const sampler = new VerdictSampler({ now: () => now });
    expect([sampler.takes('a'), sampler.takes('a'), sampler.takes('b')]).toEqual([true, false, true]);
    now = 9_999;
    expect(sampler.takes('a')).toBe(false);
    now = 10_000;
    expect(sampler.takes('a')).toBe(true);
  });
});
