import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { placeholders, selectRows } from '../../database/sql';
import { interestOf, type StoredInterest, type WebhookInterest } from '../../outbox/webhook-event';

/** What agents want to be told of, as far as numbers' side needs to know it. */
@Injectable()
export class AgentInterestRepository {
  /**
   * Agents without a webhook are not in the map. Nothing is locked: numbers' rows are by then, and locks on agents come
   * before those.
   */
  async of(
    manager: EntityManager,
    accountId: string,
    agentIds: readonly string[],
  ): Promise<Map<string, WebhookInterest>> {
    const rows = await selectRows<StoredInterest & { readonly agentId: string }>(
      manager,
      `SELECT agent_id AS agentId, webhook_url AS webhookUrl, webhook_events AS webhookEvents FROM agent
       WHERE account_id = ? AND webhook_url IS NOT NULL AND agent_id IN (${placeholders(agentIds.length)})`,
      [accountId, ...agentIds],
    );
    return new Map(rows.map(({ agentId, ...stored }) => [agentId, interestOf(stored)]));
  }
}
