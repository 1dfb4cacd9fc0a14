import { backoffDelay } from './backoff';

const LOWEST = { baseMs: 1_000, maxMs: 300_000, random: () => 0 };
const HIGHEST = { ...LOWEST, random: () => 1 };

describe('backoffDelay', () => {
  it.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [3, 2_000, 4_000],
    [9, 128_000, 256_000],
    [10, 150_000, 300_000],
    [11, 150_000, 300_000],
  ])('waits before repeat %d between %d and %d ms', (attempt, lowest, highest) => {
    expect(backoffDelay(attempt, LOWEST)).toBe(lowest);
    expect(backoffDelay(attempt, HIGHEST)).toBe(highest);
  });

  it('stays at its bound however often it failed', () => {
    expect(backoffDelay(5_000, HIGHEST)).toBe(300_000);
    expect(backoffDelay(Number.MAX_SAFE_INTEGER, HIGHEST)).toBe(300_000);
  });

  it('gives whole milliseconds', () => {
    expect(backoffDelay(1, { baseMs: 1_000, maxMs: 1_000, random: () => 1 / 3 })).toBe(667);
  });

  it('spreads by itself where no source of randomness is given', () => {
    const delays = Array.from({ length: 50 }, () => backoffDelay(1, { baseMs: 1_000_000, maxMs: 1_000_000 }));
    expect(new Set(delays).size).toBeGreaterThan(1);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(500_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(1_000_000);
  });
});
