import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../../common/clock';
import { within } from '../../common/within';
import { Database } from '../../database/database';
import type { InboundAccount } from '../../providers/inbound-accounts.service';
import type { CalledAgent, CalledNumber } from './called-number';
import { CalledNumberRepository } from './called-number.repository';
import { InboundMetrics } from './inbound-metrics';

/** While the database does not answer, a route is believed to be what it was so long ago, in milliseconds. */
const LAST_KNOWN_MS = 60_000;
const MAX_REMEMBERED = 50_000;
/** How long a read may take before it counts as not answered, in milliseconds: somebody is waiting on the line. */
const READ_LIMIT_MS = 800;

export interface FoundNumber {
  /** `null` where the account has no such number at this provider. */
  readonly number: CalledNumber | null;
  /** The database does not answer: this is what it said less than a minute ago. */
  readonly isRemembered: boolean;
}

interface Remembered {
  readonly number: CalledNumber | null;
  readonly readAt: number;
}

/**
 * The numbers that are called. Each call reads its number anew, so that it goes where the number is attached now; what was
 * read is remembered for a minute in case the database is away.
 */
@Injectable()
export class CalledNumbers {
  private readonly remembered = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED });

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly numbers: CalledNumberRepository,
    private readonly metrics: InboundMetrics,
  ) {}

  /** @throws whatever the database throws, or TooLateError, where nothing is remembered */
  async find({ accountId, provider, providerAccountId }: InboundAccount, e164: string): Promise<FoundNumber> {
    const key = `${providerAccountId} ${e164}`;
    try {
      const reading = this.database.read((manager) => this.numbers.find(manager, accountId, provider, e164));
      const number = await within(READ_LIMIT_MS, reading);
      this.remembered.set(key, { number, readAt: this.clock.now() });
      return { number, isRemembered: false };
    } catch (error) {
      const known = this.remembered.get(key);
      if (!known || this.clock.now() - known.readAt >= LAST_KNOWN_MS) throw error;
      this.metrics.remembered(provider);
      return { number: known.number, isRemembered: true };
    }
  }

  /** An agent of the account, whether or not it has numbers. */
  findAgent(accountId: string, agentId: string): Promise<CalledAgent | null> {
    const reading = this.database.read((manager) => this.numbers.findAgent(manager, accountId, agentId));
    return within(READ_LIMIT_MS, reading);
  }
}
