export interface BatchQueueOptions<Item> {
  /** Writes all items or none. */
  readonly write: (items: readonly Item[]) => Promise<void>;
  /** How many items are written at once, at most. */
  readonly maxBatch: number;
  /** Whether a failed batch may be the fault of one of its items, so that each is to be tried by itself. */
  readonly isSplittable: (error: unknown) => boolean;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes items in the order they come, together with whatever else has come while the batch before was being written: alone
 * when it is quiet, many at once when it is not. Known from databases as group commit.
 */
export class BatchQueue<Item> {
  private readonly waiting: Waiting<Item>[] = [];
  private running: Promise<void> | null = null;

  constructor(private readonly options: BatchQueueOptions<Item>) {}

  get size(): number {
    return this.waiting.length;
  }

  /** Settles when the item is written, or could not be. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Settles when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.running) await this.running;
  }

  private async run(): Promise<void> {
    // What is added in the same turn of the event loop belongs to the first batch too.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.settle(this.waiting.splice(0, this.options.maxBatch));
    // Here and not in a `finally`: who is told of the last one may add another before that runs.
    this.running = null;
  }

  private async settle(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.options.write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1 && this.options.isSplittable(error)) {
        for (const one of batch) await this.settle([one]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
