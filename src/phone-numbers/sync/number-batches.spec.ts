import { ProviderError } from '../../providers/contract/provider-error';
import type { NumberPage } from '../../providers/contract/route';
import { type NumberBatch, numberBatches } from './number-batches';
import { owned, someNumbers } from './sync.fixture';

type Step = NumberPage | Error | (() => void);

/** A list that is made of these pages; it counts how many were asked for, and notes where it was begun. */
function listOf(...steps: Step[]) {
  const list = {
    asked: 0,
    after: [] as (string | null)[],
    async *numbers(after: string | null): AsyncGenerator<NumberPage> {
      list.after.push(after);
      for (const step of steps) {
        list.asked += 1;
        await Promise.resolve();
        if (step instanceof Error) throw step;
        if (typeof step === 'function') step();
        else yield step;
      }
    },
  };
  return list;
}

const NUMBERS = someNumbers(1_500).map((e164) => owned(e164));
const page = (from: number, count: number, next: string | null): NumberPage => ({
  numbers: NUMBERS.slice(from, from + count),
  next,
});
const signal = new AbortController().signal;

async function collect(
  batches: AsyncIterable<NumberBatch>,
): Promise<{ sizes: [number, string | null][]; error?: unknown }> {
  const sizes: [number, string | null][] = [];
  try {
    for await (const { numbers, next } of batches) sizes.push([numbers.length, next]);
  } catch (error) {
    return { sizes, error };
  }
  return { sizes };
}

describe('numberBatches', () => {
  it('joins whole pages until there are 500 numbers', async () => {
    const list = listOf(page(0, 200, 'a'), page(200, 200, 'b'), page(400, 200, 'c'), page(600, 100, null));
    const { sizes } = await collect(numberBatches(list, 'start', signal, () => 0));
    expect(sizes).toEqual([
      [600, 'c'],
      [100, null],
    ]);
    expect(list.after).toEqual(['start']);
  });

  it('hands on the numbers in their order', async () => {
    const list = listOf(page(0, 500, 'a'), page(500, 300, null));
    const seen: string[] = [];
    for await (const { numbers } of numberBatches(list, null, signal, () => 0)) {
      seen.push(...numbers.map(({ phoneNumber }) => phoneNumber));
    }
    expect(seen).toEqual(someNumbers(800));
  });

  it('asks for no page before the batch ahead of it is taken', async () => {
    const list = listOf(page(0, 500, 'a'), page(500, 500, 'b'), page(1_000, 500, null));
    const batches = numberBatches(list, null, signal, () => 0);
    await batches.next();
    expect(list.asked).toBe(1);
    await batches.next();
    expect(list.asked).toBe(2);
    await batches.return(undefined);
    expect(list.asked).toBe(2);
  });

  it('stores what a slow provider has given after five seconds', async () => {
    let now = 0;
    const list = listOf(
      page(0, 1, 'a'),
      () => (now = 4_999),
      page(1, 1, 'b'),
      () => (now = 5_000),
      page(2, 1, 'c'),
      page(3, 1, null),
    );
    const { sizes } = await collect(numberBatches(list, null, signal, () => now));
    expect(sizes).toEqual([
      [3, 'c'],
      [1, null],
    ]);
  });

  it('hands on what was read before a page that fails, and then the error', async () => {
    const error = new ProviderError('transient', 'no');
    const list = listOf(page(0, 500, 'a'), page(500, 20, 'b'), page(520, 30, 'c'), error);
    expect(await collect(numberBatches(list, null, signal, () => 0))).toEqual({
      sizes: [
        [500, 'a'],
        [50, 'c'],
      ],
      error,
    });
  });

  it('does not repeat the place that is known when the next page fails', async () => {
    const error = new ProviderError('transient', 'no');
    expect(await collect(numberBatches(listOf(page(0, 500, 'a'), error), null, signal, () => 0))).toEqual({
      sizes: [[500, 'a']],
      error,
    });
    expect(await collect(numberBatches(listOf(error), 'a', signal, () => 0))).toEqual({ sizes: [], error });
  });

  it('moves on over a page that has none of our numbers', async () => {
    const error = new ProviderError('transient', 'no');
    const list = listOf({ numbers: [], next: 'a' }, error);
    expect((await collect(numberBatches(list, null, signal, () => 0))).sizes).toEqual([[0, 'a']]);
  });

  it.each([[[]], [[{ numbers: [], next: null }]]])('ends an empty list: %j', async (pages: NumberPage[]) => {
    expect(await collect(numberBatches(listOf(...pages), null, signal, () => 0))).toEqual({ sizes: [[0, null]] });
  });

  it('reads nothing behind the last page', async () => {
    const list = listOf(page(0, 1, null), page(1, 1, 'a'));
    expect((await collect(numberBatches(list, null, signal, () => 0))).sizes).toEqual([[1, null]]);
  });
});
