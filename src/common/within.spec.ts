import { TooLateError, within } from './within';

describe('within', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('hands on what comes in time', async () => {
    await expect(within(100, Promise.resolve('value'))).resolves.toBe('value');
    await expect(within(100, Promise.reject(new Error('fault')))).rejects.toThrow('fault');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits so long and no longer', async () => {
    const outcome = within(100, new Promise<never>(() => undefined)).catch((error: unknown) => error);
    const settled = jest.fn();
    void outcome.then(settled);
    await jest.advanceTimersByTimeAsync(99);
    expect(settled).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(await outcome).toBeInstanceOf(TooLateError);
  });

  it('is not disturbed by what comes after all', async () => {
    let fail: (error: Error) => void = () => undefined;
    const outcome = within(
      10,
      new Promise((_resolve, reject) => {
        fail = reject;
      }),
    ).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(10);
    fail(new Error('late'));
    expect(await outcome).toBeInstanceOf(TooLateError);
  });
});
