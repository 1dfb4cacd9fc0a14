import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { placeholders, selectRows } from '../../database/sql';
import { interestOf, type StoredInterest, type WebhookInterest } from '../../outbox/webhook-event';
import type { ProviderName } from '../../common/provider-name';

/** What the record of calls needs to know of agents. */
@Injectable()
export class CallAgentsRepository {
  /** What each of the agents wants to be told of. */
  async interests(manager: EntityManager, agentIds: readonly string[]): Promise<Map<string, WebhookInterest>> {
    if (agentIds.length === 0) return new Map();
    const rows = await selectRows<StoredInterest & { agentId: string }>(
      manager,
      `SELECT agent_id AS agentId, webhook_url AS webhookUrl, webhook_events AS webhookEvents
       FROM agent WHERE agent_id IN (${placeholders(agentIds.length)})`,
      agentIds,
    );
    return new Map(rows.map((row) => [row.agentId, interestOf(row)]));
  }

  /** The agent that a number is attached to; `null` for none, and for a number that the account has not at this provider. */
  async agentOfNumber(
    manager: EntityManager,
    accountId: string,
    provider: ProviderName,
    e164: string,
  ): Promise<string | null> {
    const [row] = await selectRows<{ agentId: string | null }>(
      manager,
      'SELECT agent_id AS agentId FROM phone_number WHERE account_id = ? AND e164 = ? AND provider = ?',
      [accountId, e164, provider],
    );
    return row?.agentId ?? null;
  }
}
