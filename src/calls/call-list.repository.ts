import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { alongIndex, selectRows, type SqlValue } from '../database/sql';
import type { Call } from './call';
import type { CallFilter, CallKey } from './call-list';
import { CALL_COLUMNS, type CallRow, toRecord } from './record/calls.repository';

type Condition = readonly [sql: string, params: readonly SqlValue[]];

/** Reads pages of calls. */
@Injectable()
export class CallListRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Up to `limit` calls, newest first; page 10,000 costs what page 1 costs. */
  async list(
    manager: EntityManager,
    accountId: string,
    filter: CallFilter,
    after: CallKey | undefined,
    limit: number,
  ): Promise<Call[]> {
    const conditions = [equal('account_id', accountId), ...equals(filter), ...span(filter, after)];
    const rows = await selectRows<CallRow>(
      manager,
      `SELECT ${CALL_COLUMNS} FROM phone_call${alongIndex(this.database.dialect, indexFor(filter))}
       WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
       ORDER BY started_at DESC, call_id DESC LIMIT ${limit}`,
      conditions.flatMap(([, params]) => params),
    );
    return rows.map((row) => toRecord(row).call);
  }
}

/** Each is in the order of the list behind what it finds; what finds least comes first. */
function indexFor({ farEnd, agentId, status }: CallFilter): string {
  if (farEnd !== undefined) return 'ix_phone_call_far_end';
  if (agentId !== undefined) return 'ix_phone_call_agent';
  return status === undefined ? 'ix_phone_call_started' : 'ix_phone_call_status';
}

function equals({ agentId, farEnd, direction, status }: CallFilter): Condition[] {
  const columns = { agent_id: agentId, far_end: farEnd, direction, status };
  return Object.entries(columns).flatMap(([name, value]) => (value === undefined ? [] : [equal(name, value)]));
}

function equal(column: string, value: SqlValue): Condition {
  return [`${column} = ?`, [value]];
}

/** One upper bound only: of two, SQLite may take the lesser and walk all the pages before. */
function span({ from, to }: CallFilter, after: CallKey | undefined): Condition[] {
  const lower: Condition[] = from === undefined ? [] : [['started_at >= ?', [from]]];
  if (after && (to === undefined || after.startedAt < to)) {
    const { startedAt, callId } = after;
    return [...lower, ['started_at <= ? AND (started_at < ? OR call_id < ?)', [startedAt, startedAt, callId]]];
  }
  return to === undefined ? lower : [...lower, ['started_at < ?', [to]]];
}
