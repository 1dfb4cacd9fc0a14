import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../common/errors/app-error';
import { BoundedConnections } from './bounded-connections';

const LIMIT_MS = 4_000;
const UNAVAILABLE = { reason: 'UNAVAILABLE', status: 503, retryAfterS: 1 };

/** A connection whose pool gives it when the test says so. */
class FakeRunner {
  readonly manager = {} as EntityManager;
  readonly connection = { release: jest.fn(), destroy: jest.fn() };
  readonly release = jest.fn(() => Promise.resolve());
  give: () => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  connect(): Promise<FakeRunner['connection']> {
    return new Promise((resolve, reject) => {
      this.give = () => resolve(this.connection);
      this.fail = reject;
    });
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

describe('BoundedConnections', () => {
  let runners: FakeRunner[];
  let connections: BoundedConnections;

  beforeEach(() => {
    jest.useFakeTimers();
    runners = [];
    const createQueryRunner = () => {
      const runner = new FakeRunner();
      runners.push(runner);
      return runner;
    };
    connections = new BoundedConnections({ createQueryRunner } as unknown as DataSource);
  });

  afterEach(() => jest.useRealTimers());

  /** Work that has asked for its connection, and what became of it so far. */
  const start = (work: () => Promise<unknown>) => {
    const result: { value?: unknown; error?: unknown } = {};
    void connections.use(LIMIT_MS, work).then(
      (value) => (result.value = value),
      (error: unknown) => (result.error = error),
    );
    const runner = runners.at(-1);
    if (!runner) throw new Error('no connection was asked for');
    return { runner, result };
  };

  it('gives what the work gives, and the connection back', async () => {
    const { runner, result } = start(() => Promise.resolve('rows'));
    runner.give();
    await jest.advanceTimersByTimeAsync(0);
    expect(result).toEqual({ value: 'rows' });
    expect(runner.release).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(LIMIT_MS * 2);
    expect(runner.connection.destroy).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets errors of the work and of the connection through', async () => {
    const refusal = new AppError('NUMBER_ALREADY_ATTACHED');
    const refused = start(() => Promise.reject(refusal));
    refused.runner.give();
    const unconnected = start(() => Promise.resolve());
    const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    unconnected.runner.fail(error);
    await jest.advanceTimersByTimeAsync(0);
    expect(refused.result.error).toBe(refusal);
    expect(refused.runner.release).toHaveBeenCalledTimes(1);
    expect(unconnected.result.error).toBe(error);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('destroys the connection of work that takes too long', async () => {
    const { runner, result } = start(() => never());
    runner.give();
    await jest.advanceTimersByTimeAsync(LIMIT_MS - 1);
    expect(result).toEqual({});
    expect(runner.connection.destroy).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(result.error).toMatchObject(UNAVAILABLE);
    expect(runner.connection.destroy).toHaveBeenCalledTimes(1);
  });

  it('gives up waiting for a connection when nobody is answered, and gives one that comes too late back', async () => {
    const work = jest.fn(() => Promise.resolve());
    const { runner, result } = start(work);
    await jest.advanceTimersByTimeAsync(LIMIT_MS);
    expect(result.error).toMatchObject(UNAVAILABLE);
    runner.give();
    await jest.advanceTimersByTimeAsync(0);
    expect(runner.connection.release).toHaveBeenCalledTimes(1);
    expect(work).not.toHaveBeenCalled();
  });

  it.each([
    ['are answered', () => Promise.resolve()],
    ['are refused by a constraint', () => Promise.reject(new Error('duplicate'))],
  ])('waits for a connection as long as others %s', async (_what, othersWork) => {
    const waiting = start(() => Promise.resolve('at last'));
    for (let turn = 0; turn < 5; turn++) {
      await jest.advanceTimersByTimeAsync(LIMIT_MS - 500);
      start(othersWork).runner.give();
      await jest.advanceTimersByTimeAsync(0);
    }
    expect(waiting.result).toEqual({});
    waiting.runner.give();
    await jest.advanceTimersByTimeAsync(0);
    expect(waiting.result).toEqual({ value: 'at last' });
  });

  it('does not take a lost connection of others, or their silence, for an answer', async () => {
    const waiting = start(() => Promise.resolve());
    const silent = start(() => never());
    silent.runner.give();
    await jest.advanceTimersByTimeAsync(LIMIT_MS - 500);
    start(() => Promise.reject(Object.assign(new Error('lost'), { code: 'PROTOCOL_CONNECTION_LOST' }))).runner.give();
    await jest.advanceTimersByTimeAsync(500);
    expect(silent.result.error).toMatchObject(UNAVAILABLE);
    expect(waiting.result.error).toMatchObject(UNAVAILABLE);
  });
});
