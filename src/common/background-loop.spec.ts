import { BackgroundLanes, BackgroundLoop } from './background-loop';

const failLoudly = (error: unknown): void => {
  throw error;
};

describe('BackgroundLoop', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('takes turns with the rest that each asks for', async () => {
    const at: number[] = [];
    const begun = Date.now();
    const rests = [0, 500, 1_000];
    const loop = new BackgroundLoop({
      turn: () => {
        at.push(Date.now() - begun);
        return Promise.resolve(rests.shift() ?? 10_000);
      },
      onFailure: failLoudly,
    });
    loop.start(250);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(at).toEqual([250, 250, 750, 1_750]);
    loop.stop();
  });

  it('rests two seconds after a failure and goes on', async () => {
    const failure = new Error('down');
    const onFailure = jest.fn();
    const turn = jest.fn<Promise<number>, []>().mockRejectedValueOnce(failure).mockResolvedValue(60_000);
    const loop = new BackgroundLoop({ turn, onFailure });
    loop.start();
    await jest.advanceTimersByTimeAsync(1_999);
    expect(turn).toHaveBeenCalledTimes(1);
    expect(onFailure).toHaveBeenCalledWith(failure);
    await jest.advanceTimersByTimeAsync(1);
    expect(turn).toHaveBeenCalledTimes(2);
    loop.stop();
  });

  it('begins no turn once it is stopped', async () => {
    const turn = jest.fn(() => Promise.resolve(100));
    const loop = new BackgroundLoop({ turn, onFailure: failLoudly });
    loop.start();
    await jest.advanceTimersByTimeAsync(250);
    loop.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(turn).toHaveBeenCalledTimes(3);
  });
});

describe('BackgroundLanes', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('look for work one after the other, again at once where there was some, and not once they are stopped', async () => {
    const start = Date.now();
    const at: number[] = [];
    const found = [5, 0, 0];
    const turn = () => {
      at.push(Date.now() - start);
      return Promise.resolve(found.shift() ?? 0);
    };
    const lanes = new BackgroundLanes({ lanes: 2, idleMs: 1_000, turn, onFailure: failLoudly });
    lanes.start();
    await jest.advanceTimersByTimeAsync(1_600);
    // The first lane finds five at 0 and nothing right after; the second looks half a rest later.
    expect(at).toEqual([0, 0, 500, 1_000, 1_500]);
    lanes.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(at).toHaveLength(5);
  });

  it('go on while one of them takes long', async () => {
    let turns = 0;
    const turn = () => (turns++ === 0 ? new Promise<number>(() => undefined) : Promise.resolve(0));
    const lanes = new BackgroundLanes({ lanes: 2, idleMs: 1_000, turn, onFailure: failLoudly });
    lanes.start();
    await jest.advanceTimersByTimeAsync(3_600);
    expect(turns).toBe(5);
    lanes.stop();
  });
});
