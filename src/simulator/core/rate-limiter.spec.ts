import { RateLimiter } from './rate-limiter';

describe('RateLimiter', () => {
  it('admits everything until a rate is set', () => {
    const limiter = new RateLimiter(() => 0);
    expect(Array.from({ length: 1000 }, () => limiter.take()).every((wait) => wait === null)).toBe(true);
  });

  it('admits a second worth of requests at once and then as they come', () => {
    let now = 1000;
    const limiter = new RateLimiter(() => now);
    limiter.set(2);
    expect([limiter.take(), limiter.take(), limiter.take()]).toEqual([null, null, 1]);
    now += 500;
    expect([limiter.take(), limiter.take()]).toEqual([null, 1]);
    now += 60_000;
    expect([limiter.take(), limiter.take(), limiter.take()]).toEqual([null, null, 1]);
  });

  it('can be switched off', () => {
    const limiter = new RateLimiter(() => 0);
    limiter.set(1);
    limiter.take();
    expect(limiter.take()).toBe(1);
    limiter.set(null);
    expect(limiter.take()).toBeNull();
  });
});
