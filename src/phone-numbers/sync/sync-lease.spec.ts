import { SyncLease } from './sync-lease';
import { CLAIM_MS } from './sync-run';

describe('SyncLease', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('ends the waiting while the claim is still good for a while', () => {
    const lease = new SyncLease();
    jest.advanceTimersByTime(CLAIM_MS - 5_000);
    expect(lease.signal.aborted).toBe(false);
    jest.advanceTimersByTime(4_000);
    expect(lease.signal.aborted).toBe(true);
    // What the HTTP client takes for a time limit, https://developer.mozilla.org/docs/Web/API/AbortSignal/timeout_static
    expect(lease.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  it('begins anew when it is renewed', () => {
    const lease = new SyncLease();
    for (let step = 0; step < 10; step++) {
      jest.advanceTimersByTime(CLAIM_MS - 5_000);
      lease.renew();
    }
    expect(lease.signal.aborted).toBe(false);
    lease.end();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is aborted at once when the process stops', () => {
    const lease = new SyncLease();
    lease.abort();
    expect(lease.signal.aborted).toBe(true);
    lease.end();
  });
});
