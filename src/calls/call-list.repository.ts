import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { selectRows, type SqlValue } from '../database/sql';
import type { Call } from './call';
import type { CallFilter, CallKey } from './call-list';
import { CALL_COLUMNS, type CallRow, toRecord } from './record/calls.repository';

/** Reads pages of calls. */
@Injectable()
export class CallListRepository {
  /** Up to `limit` calls, newest first; page 10,000 costs what page 1 costs. */
  async list(
    manager: EntityManager,
    accountId: string,
    filter: CallFilter,
    after: CallKey | undefined,
    limit: number,
  ): Promise<Call[]> {
    const conditions: [string, SqlValue[]][] = [['account_id = ?', [accountId]]];
    if (filter.agentId !== undefined) conditions.push(['agent_id = ?', [filter.agentId]]);
    if (filter.farEnd !== undefined) conditions.push(['far_end = ?', [filter.farEnd]]);
    if (filter.direction !== undefined) conditions.push(['direction = ?', [filter.direction]]);
    if (filter.status !== undefined) conditions.push(['status = ?', [filter.status]]);
    if (filter.from !== undefined) conditions.push(['started_at >= ?', [filter.from]]);
    if (filter.to !== undefined) conditions.push(['started_at < ?', [filter.to]]);
    if (after) {
      // The first condition alone bounds the scan of the index.
      const { startedAt, callId } = after;
      conditions.push(['started_at <= ? AND (started_at < ? OR call_id < ?)', [startedAt, startedAt, callId]]);
    }
    const rows = await selectRows<CallRow>(
      manager,
      `SELECT ${CALL_COLUMNS} FROM phone_call WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
       ORDER BY started_at DESC, call_id DESC LIMIT ${limit}`,
      conditions.flatMap(([, params]) => params),
    );
    return rows.map((row) => toRecord(row).call);
  }
}
