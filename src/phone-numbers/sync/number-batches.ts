import type { ProviderClient } from '../../providers/contract/provider-adapter';
import type { OwnedNumber } from '../../providers/contract/route';

/** From so many numbers on a batch is stored, and whatever its number after so long, in milliseconds. */
const BATCH_NUMBERS = 500;
const BATCH_MS = 5_000;

/** Some pages of the provider's list. */
export interface NumberBatch {
  readonly numbers: readonly OwnedNumber[];
  /** How to go on behind them; `null` at the end of the list. */
  readonly next: string | null;
}

/**
 * The provider's list in batches of whole pages; a page is asked for only once the batches before it are taken. When a
 * page fails, those read before it come first and the error after them.
 * @param after where to go on, `null` for the beginning
 */
export async function* numberBatches(
  client: Pick<ProviderClient, 'numbers'>,
  after: string | null,
  signal: AbortSignal,
  now: () => number,
): AsyncGenerator<NumberBatch> {
  let numbers: OwnedNumber[] = [];
  let read: string | null = null;
  let since = now();
  try {
    for await (const page of client.numbers(after, signal)) {
      for (const number of page.numbers) numbers.push(number);
      read = page.next;
      if (read === null) break;
      if (numbers.length < BATCH_NUMBERS && now() - since < BATCH_MS) continue;
      yield { numbers, next: read };
      numbers = [];
      read = null;
      since = now();
    }
  } catch (error) {
    if (read !== null) yield { numbers, next: read };
    throw error;
  }
  yield { numbers, next: null };
}
