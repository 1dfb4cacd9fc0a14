import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../common/clock';
import { Database } from '../database/database';
import type { ProviderName } from '../common/provider-name';
import { InboundRequestsRepository } from './inbound-requests.repository';
import { statusChanges } from './news/number-change';
import { NumberNews } from './news/number-news';
import { AWAITING_FIRST_CALL } from './phone-number';
import type { PhoneNumber } from './phone-number-record';
import { PhoneNumbersRepository } from './phone-numbers.repository';

/**
 * What became of a request for a number; `unknown_number` leaves no trace. `placed` is the answer to a call of our own, and
 * `unavailable` the apology while the database is away.
 */
export type InboundVerdict =
  | 'routed'
  | 'fallback'
  | 'agent_inactive'
  | 'over_limit'
  | 'no_media'
  | 'hook_rejected'
  | 'placed'
  | 'unavailable'
  | 'not_attached'
  | 'bad_signature'
  | 'recognised'
  | 'unknown_number';

/** Takes note of authentic requests to the inbound URLs that are bound by hand: the first one proves the number. */
@Injectable()
export class NumberProofService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly numbers: PhoneNumbersRepository,
    private readonly requests: InboundRequestsRepository,
    private readonly news: NumberNews,
  ) {}

  /**
   * @param e164 a number of the account at this provider; any other is unknown here, whoever holds it
   */
  accept(accountId: string, provider: ProviderName, e164: string): Promise<InboundVerdict> {
    const at = this.clock.now();
    return this.database.transaction(async (manager) => {
      const number = await this.numbers.lock(manager, accountId, e164);
      if (number?.provider !== provider) return 'unknown_number';
      const outcome = number.agentId === null ? 'not_attached' : 'recognised';
      await this.markProven(manager, accountId, number, at);
      await this.requests.record(manager, { accountId, e164, verdict: outcome, at });
      return outcome;
    });
  }

  /** Keeps what became of a request for a number of the account. */
  async note(accountId: string, e164: string, verdict: InboundVerdict): Promise<void> {
    const record = { accountId, e164, verdict, at: this.clock.now() };
    await this.database.transaction((manager) => this.requests.record(manager, record));
  }

  /** Remembers that the number's own inbound URL works; harmless to repeat. */
  async prove(accountId: string, e164: string): Promise<void> {
    const at = this.clock.now();
    await this.database.transaction(async (manager) => {
      const number = await this.numbers.lock(manager, accountId, e164);
      if (number) await this.markProven(manager, accountId, number, at);
    });
  }

  private async markProven(manager: EntityManager, accountId: string, number: PhoneNumber, at: number): Promise<void> {
    await this.numbers.markProven(manager, accountId, number.e164, at);
    const { agentId, status } = number;
    if (agentId === null || number.reason !== AWAITING_FIRST_CALL) return;
    const proven = { ...number, agentId, status: 'active', reason: null } as const;
    await this.news.tell(manager, accountId, statusChanges(status, proven), at);
  }
}
