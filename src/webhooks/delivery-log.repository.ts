import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { affectedRows, placeholders, type SqlValue } from '../database/sql';
import type { DeathReason, DeliveryResult } from './delivery';

/** What has come of tries to deliver. */
@Injectable()
export class DeliveryLogRepository {
  async insertAttempts(manager: EntityManager, results: readonly DeliveryResult[]): Promise<void> {
    await affectedRows(
      manager,
      `INSERT INTO webhook_attempt (attempt_id, message_id, url, attempted_at, latency_ms, status_code, error, response)
       VALUES ${results.map(() => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
      results.flatMap(({ message, attempt }): SqlValue[] => [
        attempt.attemptId,
        message.messageId,
        attempt.url,
        attempt.attemptedAt,
        attempt.latencyMs,
        attempt.statusCode,
        attempt.error,
        attempt.response,
      ]),
    );
  }

  async deliver(manager: EntityManager, messageIds: readonly string[], now: number): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE outbox_message SET state = 'delivered', due_at = NULL, attempts = attempts + 1, reason = NULL,
         settled_at = ? WHERE message_id IN (${placeholders(messageIds.length)}) AND state = 'pending'`,
      [now, ...[...messageIds].sort()],
    );
  }

  async bury(manager: EntityManager, messageId: string, reason: DeathReason, now: number): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE outbox_message SET state = 'dead', due_at = NULL, attempts = attempts + 1, reason = ?, settled_at = ?
       WHERE message_id = ? AND state = 'pending'`,
      [reason, now, messageId],
    );
  }

  /** Counts the try, and lets all that is pending of its subject wait for the next one. */
  async postpone(manager: EntityManager, { agentId, message }: DeliveryResult, dueAt: number): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE outbox_message SET attempts = attempts + CASE WHEN message_id = ? THEN 1 ELSE 0 END,
         due_at = CASE WHEN due_at > ? THEN due_at ELSE ? END
       WHERE agent_id = ? AND order_key = ? AND due_at > 0`,
      [message.messageId, dueAt, dueAt, agentId, message.orderKey],
    );
  }
}
