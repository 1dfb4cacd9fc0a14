import { systemClock, toIso, toIsoOrNull } from './clock';

describe('clock', () => {
  it('writes times as ISO 8601 in UTC with milliseconds', () => {
    expect(toIso(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(toIso(1_764_000_000_007)).toBe('2025-11-24T16:00:00.007Z');
    expect(toIsoOrNull(1_764_000_000_000)).toBe('2025-11-24T16:00:00.000Z');
    expect(toIsoOrNull(null)).toBeNull();
    expect(toIsoOrNull(0)).toBe('1970-01-01T00:00:00.000Z');
  });

  it('tells the time of the machine in milliseconds', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
