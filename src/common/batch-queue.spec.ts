import { BatchQueue } from './batch-queue';

/** Writes end when they are told to. */
class Writer {
  readonly batches: (readonly string[])[] = [];
  private readonly ends: (() => void)[] = [];

  readonly write = (items: readonly string[]): Promise<void> => {
    this.batches.push(items);
    return new Promise((resolve) => this.ends.push(resolve));
  };

  end(): void {
    this.ends.shift()?.();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function queueOf(write: (items: readonly string[]) => Promise<void>, maxBatch = 3): BatchQueue<string> {
  return new BatchQueue({ write, maxBatch, isSplittable: (error) => (error as Error).message !== 'away' });
}

describe('BatchQueue', () => {
  it('writes together what has come while it was writing, in order and at most so many', async () => {
    const writer = new Writer();
    const queue = queueOf(writer.write);
    const first = queue.add('a');
    await turn();
    const others = ['b', 'c', 'd', 'e'].map((item) => queue.add(item));
    await turn();
    expect(writer.batches).toEqual([['a']]);
    expect(queue.size).toBe(4);
    writer.end();
    await first;
    await turn();
    expect(writer.batches).toEqual([['a'], ['b', 'c', 'd']]);
    writer.end();
    await Promise.all(others.slice(0, 3));
    await turn();
    writer.end();
    await others[3];
    expect(writer.batches).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('settles an item only when it is written', async () => {
    const writer = new Writer();
    const queue = queueOf(writer.write);
    let isWritten = false;
    const added = queue.add('a').then(() => (isWritten = true));
    await turn();
    expect(isWritten).toBe(false);
    writer.end();
    await added;
    expect(isWritten).toBe(true);
    await queue.drained();
  });

  it('tries each by itself when a batch fails, so that the others are written', async () => {
    const written: string[] = [];
    const queue = queueOf((items) => {
      if (items.includes('bad')) return Promise.reject(new Error('not this one'));
      written.push(...items);
      return Promise.resolve();
    });
    const results = await Promise.allSettled(['a', 'bad', 'b'].map((item) => queue.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(written).toEqual(['a', 'b']);
  });

  it('does not try each by itself where all would fail alike', async () => {
    let tries = 0;
    const queue = queueOf(() => {
      tries++;
      return Promise.reject(new Error('away'));
    });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => queue.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
  });

  it('goes on after a failure', async () => {
    let isAway = true;
    const queue = queueOf(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()));
    await expect(queue.add('a')).rejects.toThrow('away');
    isAway = false;
    await expect(queue.add('b')).resolves.toBeUndefined();
  });
});
