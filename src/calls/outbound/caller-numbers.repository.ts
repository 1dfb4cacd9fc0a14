import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ProviderName } from '../../common/provider-name';
import { selectRows } from '../../database/sql';

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
  /**
   * Those of the agent's active numbers that have a free slot, the best first: one in the callee's country, then the one with
   * the fewest calls under way, then the one used longest ago.
   * @param country of the callee, ISO 3166
   */
  candidates(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    country: string | null,
  ): Promise<CallerNumber[]> {
    return selectRows<CallerNumber>(
      manager,
      `SELECT n.e164, n.provider FROM phone_number n
       WHERE n.account_id = ? AND n.agent_id = ? AND n.status = 'active'
         AND (n.max_concurrent_calls IS NULL OR n.active_calls < n.max_concurrent_calls)
       ORDER BY CASE WHEN n.country = ? THEN 0 ELSE 1 END, n.active_calls,
         COALESCE((SELECT MAX(c.started_at) FROM phone_call c WHERE c.account_id = n.account_id AND c.e164 = n.e164), 0),
         n.e164
       LIMIT ${MOST_CANDIDATES}`,
      [accountId, agentId, country],
    );
  }

  /** The number if it is the agent's, whether or not its calls reach us: that is no condition for calling from it. */
  async ofAgent(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    e164: string,
  ): Promise<CallerNumber | null> {
    const [row] = await selectRows<CallerNumber>(
      manager,
      'SELECT e164, provider FROM phone_number WHERE account_id = ? AND agent_id = ? AND e164 = ?',
      [accountId, agentId, e164],
    );
    return row ?? null;
  }

  /** Whether the agent has a number whose calls reach it, be it at its limit or not. */
  async hasActive(manager: EntityManager, accountId: string, agentId: string): Promise<boolean> {
    const rows = await selectRows(
      manager,
      "SELECT 1 FROM phone_number WHERE account_id = ? AND agent_id = ? AND status = 'active' LIMIT 1",
      [accountId, agentId],
    );
    return rows.length > 0;
  }
}
