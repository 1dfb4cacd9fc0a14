import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { systemClock, toIso } from '../common/clock';
import { newId } from '../common/ids';
import { affectedRows, type SqlValue } from '../database/sql';
import type { NewMessage } from './outbox-message';

/** So many messages are written by one statement. */
const BATCH = 500;

/** What agents are to be told, written in the transaction of its cause. */
@Injectable()
export class OutboxRepository {
  async append(manager: EntityManager, messages: readonly NewMessage[]): Promise<void> {
    for (let start = 0; start < messages.length; start += BATCH) {
      const batch = messages.slice(start, start + BATCH);
      await affectedRows(
        manager,
        `INSERT INTO outbox_message (message_id, account_id, agent_id, type, order_key, place, body, state, due_at,
           attempts, created_at)
         VALUES ${batch.map(() => `(?, ?, ?, ?, ?, ?, ?, 'pending', ?, 0, ?)`).join(', ')}`,
        batch.flatMap((message) => columnsOf(message, systemClock.now())),
      );
    }
  }
}

/** It is due now: the time of the cause is often a vendor's, whose clock may be ahead of ours. */
function columnsOf(message: NewMessage, dueAt: number): SqlValue[] {
  const { accountId, agentId, type, orderKey, place, data, at } = message;
  const messageId = newId('message');
  const body = JSON.stringify({ id: messageId, type, timestamp: toIso(at), data });
  return [messageId, accountId, agentId, type, orderKey, place, body, dueAt, at];
}
