import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../../common/clock';

/** How often the same thing is taken, in milliseconds, and how many things are remembered. */
const PERIOD_MS = 10_000;
const MAX_REMEMBERED = 10_000;

/** Takes each thing once in a while, so that whoever repeats it cannot have the database write for him. */
@Injectable()
export class VerdictSampler {
  private readonly taken = new LRUCache<string, number>({ max: MAX_REMEMBERED });

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  takes(thing: string): boolean {
    const now = this.clock.now();
    const last = this.taken.get(thing);
    if (last !== undefined && now - last < PERIOD_MS) return false;
    this.taken.set(thing, now);
    return true;
  }
}
