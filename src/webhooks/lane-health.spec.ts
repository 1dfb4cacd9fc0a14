import { LaneHealth } from './lane-health';

const fail = (health: LaneHealth, times: number) => {
  for (let time = 0; time < times; time++) health.failed();
};

describe('LaneHealth', () => {
  it('holds after five failures in a row, over turns', () => {
    const first = new LaneHealth(0);
    fail(first, 4);
    expect(first).toMatchObject({ failures: 4, isHeld: false, isOnTrial: false });
    const second = new LaneHealth(first.failures);
    fail(second, 1);
    expect(second).toMatchObject({ failures: 5, isHeld: true, isDown: true });
  });

  it('counts from the beginning after a success', () => {
    const health = new LaneHealth(4);
    health.succeeded();
    fail(health, 4);
    expect(health).toMatchObject({ failures: 4, isHeld: false });
  });

  it('takes what was under way together for one step', () => {
    const health = new LaneHealth(0);
    fail(health, 16);
    expect(health.failures).toBe(5);
  });

  it('tries one message after a hold: another failure is the next step, a success ends it', () => {
    const failing = new LaneHealth(5);
    expect(failing).toMatchObject({ isOnTrial: true, isHeld: false, isDown: false });
    fail(failing, 2);
    expect(failing).toMatchObject({ failures: 6, isHeld: true, isOnTrial: false });

    const recovered = new LaneHealth(12);
    recovered.succeeded();
    expect(recovered).toMatchObject({ failures: 0, isHeld: false, isOnTrial: false });
  });

  it('holds when the receiver asks for it, without calling it down', () => {
    const health = new LaneHealth(0);
    health.failed(30_000);
    health.failed(10_000);
    expect(health).toMatchObject({ failures: 2, isHeld: true, isDown: false, waitMs: 30_000 });
  });
});
