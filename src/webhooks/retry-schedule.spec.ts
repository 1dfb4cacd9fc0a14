import { MAX_TRIES, RetrySchedule } from './retry-schedule';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

describe('RetrySchedule', () => {
  it('rests as the documentation says, ten tries in all', () => {
    const schedule = new RetrySchedule(5 * SECOND, () => 0);
    const rests = Array.from({ length: MAX_TRIES }, (_, index) => schedule.restAfter(index + 1));
    expect(rests).toEqual([
      5 * SECOND,
      30 * SECOND,
      2 * MINUTE,
      10 * MINUTE,
      30 * MINUTE,
      HOUR,
      3 * HOUR,
      6 * HOUR,
      12 * HOUR,
      undefined,
    ]);
    // 5 s + 30 s + 2 min + 10 min + 30 min + 22 h
    expect(schedule.longestDueMs).toBe(22 * HOUR + 42 * MINUTE + 35 * SECOND);
  });

  it('rests up to a fifth longer', () => {
    expect(new RetrySchedule(5 * SECOND, () => 0.5).restAfter(1)).toBe(5.5 * SECOND);
    expect(new RetrySchedule(5 * SECOND, () => 1).restAfter(9)).toBe(14.4 * HOUR);
  });

  it('rests as long as the receiver asks, but no shorter than planned', () => {
    const schedule = new RetrySchedule(5 * SECOND, () => 0);
    expect(schedule.restAfter(1, MINUTE)).toBe(MINUTE);
    expect(schedule.restAfter(3, MINUTE)).toBe(2 * MINUTE);
    expect(schedule.restAfter(10, MINUTE)).toBeUndefined();
  });

  it('holds a receiver twice as long each time, five minutes at most', () => {
    const schedule = new RetrySchedule(5 * SECOND);
    const holds = [5, 6, 7, 8, 9, 10, 11, 12, 1_000].map((failures) => schedule.holdAfter(failures) / SECOND);
    expect(holds).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });
});
