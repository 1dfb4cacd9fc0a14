import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock';
import { Database } from '../database/database';
import type { ProviderName } from '../common/provider-name';
import { InboundRequestsRepository } from './inbound-requests.repository';
import { PhoneNumbersRepository } from './phone-numbers.repository';

/** What became of a request for a number; `unknown_number` leaves no trace. */
export type InboundVerdict =
  | 'routed'
  | 'fallback'
  | 'agent_inactive'
  | 'no_media'
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
  ) {}

  /**
   * @param e164 a number of the account at this provider; any other is unknown here, whoever holds it
   * @param verdict what became of the request, where the number is attached
   */
  accept(
    accountId: string,
    provider: ProviderName,
    e164: string,
    verdict: InboundVerdict = 'recognised',
  ): Promise<InboundVerdict> {
    const at = this.clock.now();
    return this.database.transaction(async (manager) => {
      const number = await this.numbers.lock(manager, accountId, e164);
      if (number?.provider !== provider) return 'unknown_number';
      const outcome = number.agentId === null ? 'not_attached' : verdict;
      await this.numbers.markProven(manager, accountId, e164, at);
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
    await this.database.transaction((manager) => this.numbers.markProven(manager, accountId, e164, at));
  }
}
