import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { affectedRows, forUpdate, placeholders, selectRows, type SqlValue } from '../database/sql';
import type { DeliveryFilter, StoredAttempt, StoredDelivery } from './webhook-delivery';

const COLUMNS = `message_id AS messageId, agent_id AS agentId, type, state, reason, body, created_at AS createdAt,
  due_at AS dueAt, settled_at AS settledAt`;
/** So many tries of one message are shown; one that is delivered again and again has more. */
const SHOWN_ATTEMPTS = 50;

/** Where a message stands among those of its subject. */
export interface MessagePlace {
  readonly messageId: string;
  readonly agentId: string;
  readonly orderKey: string;
  readonly place: number;
  readonly state: StoredDelivery['state'];
}

/** What is and was told to agents' webhooks, as their owners see it. */
@Injectable()
export class WebhookDeliveriesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One page, newest first, of those older than `before`. */
  list(
    manager: EntityManager,
    accountId: string,
    { agentId, state, type }: DeliveryFilter,
    before: string | undefined,
    limit: number,
  ): Promise<StoredDelivery[]> {
    const conditions: [string, SqlValue | undefined][] = [
      ['account_id = ?', accountId],
      ['agent_id = ?', agentId],
      ['state = ?', state],
      ['type = ?', type],
      ['message_id < ?', before],
    ];
    const given = conditions.filter((condition): condition is [string, SqlValue] => condition[1] !== undefined);
    return selectRows<StoredDelivery>(
      manager,
      `SELECT ${COLUMNS} FROM outbox_message WHERE ${given.map(([sql]) => sql).join(' AND ')}
       ORDER BY message_id DESC LIMIT ${limit}`,
      given.map(([, value]) => value),
    );
  }

  async find(manager: EntityManager, accountId: string, messageId: string): Promise<StoredDelivery | null> {
    const [row] = await selectRows<StoredDelivery>(
      manager,
      `SELECT ${COLUMNS} FROM outbox_message WHERE message_id = ? AND account_id = ?`,
      [messageId, accountId],
    );
    return row ?? null;
  }

  /** The latest tries of each of these messages, in the order they were made. */
  async attempts(manager: EntityManager, messageIds: readonly string[]): Promise<StoredAttempt[]> {
    if (messageIds.length === 0) return [];
    return selectRows<StoredAttempt>(
      manager,
      `SELECT attemptId, messageId, url, attemptedAt, latencyMs, statusCode, error, response FROM (
         SELECT attempt_id AS attemptId, message_id AS messageId, url, attempted_at AS attemptedAt,
           latency_ms AS latencyMs, status_code AS statusCode, error, response,
           ROW_NUMBER() OVER (PARTITION BY message_id ORDER BY attempt_id DESC) AS newest
         FROM webhook_attempt WHERE message_id IN (${placeholders(messageIds.length)})
       ) tries WHERE newest <= ${SHOWN_ATTEMPTS} ORDER BY messageId, attemptId`,
      messageIds,
    );
  }

  /** Reads where a message stands and locks it until the end of the transaction. */
  async lock(manager: EntityManager, accountId: string, messageId: string): Promise<MessagePlace | null> {
    const [row] = await selectRows<MessagePlace>(
      manager,
      `SELECT message_id AS messageId, agent_id AS agentId, order_key AS orderKey, place, state FROM outbox_message
       WHERE message_id = ? AND account_id = ?${forUpdate(this.database.dialect)}`,
      [messageId, accountId],
    );
    return row ?? null;
  }

  /** Makes a message that is settled one to be told again, as if it were new. */
  async revive(manager: EntityManager, messageId: string, now: number): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE outbox_message SET state = 'pending', due_at = ?, attempts = 0, reason = NULL, settled_at = NULL
       WHERE message_id = ?`,
      [now, messageId],
    );
  }

  /** Makes a message due, and what has to be told before it. */
  async hurry(manager: EntityManager, message: MessagePlace, now: number): Promise<void> {
    const { agentId, orderKey, place, messageId } = message;
    await affectedRows(
      manager,
      `UPDATE outbox_message SET due_at = ? WHERE agent_id = ? AND order_key = ? AND due_at > ?
         AND (place < ? OR (place = ? AND message_id <= ?))`,
      [now, agentId, orderKey, now, place, place, messageId],
    );
  }
}
