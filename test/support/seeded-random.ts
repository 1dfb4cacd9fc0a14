import { randomInt } from 'node:crypto';

const SEEDS = 2 ** 32;

/** The seed that the environment variable names, to repeat a run; any other one where it is not set. */
export function seedOf(variable: string): number {
  const given = process.env[variable];
  if (given === undefined || given === '') return randomInt(SEEDS);
  const seed = Number(given);
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS)
    throw new RangeError(`${variable} must be from 0 to 2^32 - 1`);
  return seed;
}

/** The same seed gives the same choices in every run: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export class SeededRandom {
  constructor(private state: number) {}

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / SEEDS;
  }

  /** A whole number from `min` to below `end`. */
  integer(min: number, end: number): number {
    return min + Math.floor(this.next() * (end - min));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, key: this.next() }))
      .sort((one, other) => one.key - other.key)
      .map(({ item }) => item);
  }

  /** `count` different ones, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    return this.shuffled(items).slice(0, count);
  }
}
