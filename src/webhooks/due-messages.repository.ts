import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { affectedRows, placeholders, selectRows, type SqlValue } from '../database/sql';
import type { BlockedKey, Chain, DeathReason, DueMessage, DueWork } from './delivery';

/** So many messages of one subject are looked at. */
const CHAIN = 10;

interface PendingRow {
  readonly messageId: string;
  readonly orderKey: string;
  readonly dueAt: number;
}

/** What is to be told to an agent. */
@Injectable()
export class DueMessagesRepository {
  /**
   * Up to `limit` subjects with a message that is due, without those that are named. Predecessors that are not due are looked
   * for among all that is pending, so that none is overtaken.
   */
  async work(
    manager: EntityManager,
    agentId: string,
    { now, without, limit }: { now: number; without: readonly string[]; limit: number },
  ): Promise<DueWork> {
    const others = without.length === 0 ? '' : `AND order_key NOT IN (${placeholders(without.length)})`;
    const rows = await selectRows<PendingRow>(
      manager,
      `SELECT messageId, orderKey, dueAt FROM (
         SELECT p.message_id AS messageId, p.order_key AS orderKey, p.due_at AS dueAt,
           ROW_NUMBER() OVER (PARTITION BY p.order_key ORDER BY p.place, p.message_id) AS rank_in_key
         FROM (SELECT DISTINCT order_key FROM (
             SELECT order_key FROM outbox_message WHERE agent_id = ? AND due_at <= ? ${others}
             ORDER BY due_at, message_id LIMIT ${limit}
           ) oldest) subject
         JOIN outbox_message p ON p.agent_id = ? AND p.order_key = subject.order_key AND p.due_at > 0
       ) ranked WHERE rank_in_key <= ${CHAIN} ORDER BY orderKey, rank_in_key`,
      [agentId, now, ...without, agentId],
    );
    return toWork(rows, now);
  }

  async bodies(manager: EntityManager, messageIds: readonly string[]): Promise<Map<string, DueMessage>> {
    const rows = await selectRows<DueMessage>(
      manager,
      `SELECT message_id AS messageId, order_key AS orderKey, body, attempts FROM outbox_message
       WHERE message_id IN (${placeholders(messageIds.length)})`,
      messageIds,
    );
    return new Map(rows.map((row) => [row.messageId, row]));
  }

  /** Lets what has come for a subject wait with its first message, so that it is not found again and again meanwhile. */
  async postpone(manager: EntityManager, agentId: string, { orderKey, until }: BlockedKey): Promise<void> {
    await affectedRows(
      manager,
      'UPDATE outbox_message SET due_at = ? WHERE agent_id = ? AND order_key = ? AND due_at > 0 AND due_at < ?',
      [until, agentId, orderKey, until],
    );
  }

  /**
   * Gives up some of what an agent was to be told: all of it, or what has been due since before a time.
   * @returns how many
   */
  async giveUp(
    manager: EntityManager,
    agentId: string,
    { reason, now, dueBefore, limit }: { reason: DeathReason; now: number; dueBefore?: number; limit: number },
  ): Promise<number> {
    const since = dueBefore === undefined ? '' : 'AND due_at < ?';
    const rows = await selectRows<{ messageId: string }>(
      manager,
      `SELECT message_id AS messageId FROM outbox_message WHERE agent_id = ? AND due_at > 0 ${since}
       ORDER BY due_at LIMIT ${limit}`,
      [agentId, ...(dueBefore === undefined ? [] : [dueBefore])],
    );
    const ids = rows.map(({ messageId }) => messageId).sort();
    if (ids.length === 0) return 0;
    return affectedRows(
      manager,
      `UPDATE outbox_message SET state = 'dead', due_at = NULL, reason = ?, settled_at = ?
       WHERE message_id IN (${placeholders(ids.length)}) AND state = 'pending'`,
      [reason, now, ...ids] satisfies SqlValue[],
    );
  }
}

/** @param rows those of one subject together, in their order */
function toWork(rows: readonly PendingRow[], now: number): DueWork {
  const byKey = new Map<string, PendingRow[]>();
  for (const row of rows) {
    const ofKey = byKey.get(row.orderKey);
    if (ofKey) ofKey.push(row);
    else byKey.set(row.orderKey, [row]);
  }
  const chains: Chain[] = [];
  const blocked: BlockedKey[] = [];
  for (const [orderKey, ofKey] of byKey) {
    const firstNotDue = ofKey.findIndex(({ dueAt }) => dueAt > now);
    const due = firstNotDue === -1 ? ofKey : ofKey.slice(0, firstNotDue);
    if (due.length > 0) chains.push({ orderKey, messageIds: due.map(({ messageId }) => messageId) });
    else blocked.push({ orderKey, until: ofKey[0]?.dueAt ?? now });
  }
  return { chains, blocked };
}
