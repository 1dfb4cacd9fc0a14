import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../common/ids';
import { affectedRows, jsonValue, selectRows } from '../database/sql';
import type { EventType, EventValues, NewEvent, StoredEvent } from './event';

type EventRow = Omit<StoredEvent, 'before' | 'after'> & {
  readonly before: string | EventValues | null;
  readonly after: string | EventValues | null;
};

const COLUMNS = `event_id AS eventId, account_id AS accountId, type, e164, agent_id AS agentId, provider,
  before_values AS \`before\`, after_values AS \`after\`, occurred_at AS occurredAt`;

/** What has changed; only ever added to, in the transaction of the change itself. */
@Injectable()
export class EventsRepository {
  async append(manager: EntityManager, event: NewEvent): Promise<void> {
    await affectedRows(
      manager,
      `INSERT INTO event (event_id, account_id, type, e164, agent_id, provider, before_values, after_values, occurred_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        newId('event'),
        event.accountId,
        event.type,
        event.e164,
        event.agentId,
        event.provider,
        event.before && JSON.stringify(event.before),
        event.after && JSON.stringify(event.after),
        event.occurredAt,
      ],
    );
  }

  /** The latest events of one type about a number, newest first. */
  async latestOfNumber(
    manager: EntityManager,
    accountId: string,
    e164: string,
    type: EventType,
    limit: number,
  ): Promise<StoredEvent[]> {
    const rows = await selectRows<EventRow>(
      manager,
      `SELECT ${COLUMNS} FROM event WHERE account_id = ? AND e164 = ? AND type = ?
       ORDER BY event_id DESC LIMIT ${limit}`,
      [accountId, e164, type],
    );
    return rows.map((row) => ({ ...row, before: jsonValue(row.before), after: jsonValue(row.after) }));
  }
}
