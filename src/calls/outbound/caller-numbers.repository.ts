import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ProviderName } from '../../common/provider-name';
import { Database } from '../../database/database';
import { forUpdate, placeholders, selectRows } from '../../database/sql';

/** How many numbers a call is tried from before all count as taken; others may take their slots in between. */
const MOST_CANDIDATES = 10;

/** A number to call from. */
export interface CallerNumber {
  readonly e164: string;
  readonly provider: ProviderName;
}

/** The numbers that an agent may call from. */
@Injectable()
export class CallerNumbersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /**
   * Those of the agent's active numbers at these providers that have a free slot, the best first: one in the callee's country,
   * then the one with the fewest calls under way, then the one used longest ago.
   * @param country of the callee, ISO 3166
   */
  async free(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    providers: readonly ProviderName[],
    country: string | null,
  ): Promise<CallerNumber[]> {
    if (providers.length === 0) return [];
    // MariaDB reads all calls of a number for their latest as a MAX, and one for it as this.
    const lastUsed = `SELECT c.started_at FROM phone_call c WHERE c.account_id = n.account_id AND c.e164 = n.e164
      ORDER BY c.started_at DESC LIMIT 1`;
    return selectRows<CallerNumber>(
      manager,
      `SELECT n.e164, n.provider FROM phone_number n
       WHERE n.account_id = ? AND n.agent_id = ? AND n.status = 'active'
         AND n.provider IN (${placeholders(providers.length)})
         AND (n.max_concurrent_calls IS NULL OR n.active_calls < n.max_concurrent_calls)
       ORDER BY CASE WHEN n.country = ? THEN 0 ELSE 1 END, n.active_calls, COALESCE((${lastUsed}), 0), n.e164
       LIMIT ${MOST_CANDIDATES}`,
      [accountId, agentId, ...providers, country],
    );
  }

  /** The number if it is the agent's, whether or not its calls reach us: that is no condition for calling from it. */
  async ofAgent(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    e164: string,
  ): Promise<CallerNumber | null> {
    return this.own(manager, accountId, agentId, e164, '');
  }

  /** Keeps the number where it is until the end of the transaction. @returns whether it is the agent's */
  async hold(manager: EntityManager, accountId: string, agentId: string, e164: string): Promise<boolean> {
    return (await this.own(manager, accountId, agentId, e164, forUpdate(this.database.dialect))) !== null;
  }

  /** Where the agent has numbers whose calls reach it, be they at their limit or not. */
  async providersOf(manager: EntityManager, accountId: string, agentId: string): Promise<ProviderName[]> {
    const rows = await selectRows<{ provider: ProviderName }>(
      manager,
      "SELECT DISTINCT provider FROM phone_number WHERE account_id = ? AND agent_id = ? AND status = 'active'",
      [accountId, agentId],
    );
    return rows.map(({ provider }) => provider);
  }

  private async own(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    e164: string,
    lock: string,
  ): Promise<CallerNumber | null> {
    const [row] = await selectRows<CallerNumber>(
      manager,
      `SELECT e164, provider FROM phone_number WHERE account_id = ? AND agent_id = ? AND e164 = ?${lock}`,
      [accountId, agentId, e164],
    );
    return row ?? null;
  }
}
