import type { EntityManager } from 'typeorm';
import { withRows } from './database-dump';
import type { TestDatabase } from './test-database';

export interface CallRow {
  readonly call_id: string;
  readonly status: string;
  readonly provider_call_id: string | null;
  readonly end_reason: string | null;
  readonly answered_at: number | null;
  readonly ended_at: number | null;
  readonly duration_s: number | null;
}

/** All calls of a database that a process of its own may be using, in the order of their beginning. */
export function callRows(database: TestDatabase): Promise<CallRow[]> {
  return withRows(database, (manager) =>
    manager.query<CallRow[]>(
      `SELECT call_id, status, provider_call_id, end_reason, answered_at, ended_at, duration_s FROM phone_call
       ORDER BY started_at, call_id`,
    ),
  );
}

/** The types of what an agent is to be told of each call, in order. */
export function messagesByCall(database: TestDatabase): Promise<Map<string, string[]>> {
  return withRows(database, async (manager: EntityManager) => {
    const rows = await manager.query<{ type: string; order_key: string }[]>(
      "SELECT type, order_key FROM outbox_message WHERE type LIKE 'call.%' ORDER BY place, message_id",
    );
    const messages = new Map<string, string[]>();
    for (const { type, order_key: callId } of rows) messages.set(callId, [...(messages.get(callId) ?? []), type]);
    return messages;
  });
}
