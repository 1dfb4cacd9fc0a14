import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { affectedRows, forUpdate, jsonValue, placeholders, selectRows, type SqlValue } from '../../database/sql';
import { cutText } from '../../providers/support/cut-text';
import type { Call, CallMetadata } from '../call';
import { isUnderWay } from '../call-state';
import type { CallRecord } from './call-change';

export type CallRow = Omit<Call, 'metadata'> & {
  readonly metadata: string | CallMetadata | null;
  readonly holdsSlot: number | boolean;
};

/** A vendor's name of a call. */
export interface ProviderCallName {
  readonly providerAccountId: string;
  readonly providerCallId: string;
}

export const CALL_COLUMNS = `call_id AS callId, account_id AS accountId, direction, status, agent_id AS agentId, e164,
  far_end AS farEnd, provider, provider_account_id AS providerAccountId, provider_call_id AS providerCallId,
  started_at AS startedAt, answered_at AS answeredAt, ended_at AS endedAt, duration_s AS durationS,
  end_reason AS endReason, metadata, holds_slot AS holdsSlot`;

const WRITTEN = [
  'call_id',
  'account_id',
  'direction',
  'status',
  'agent_id',
  'e164',
  'far_end',
  'provider',
  'provider_account_id',
  'provider_call_id',
  'started_at',
  'answered_at',
  'ended_at',
  'duration_s',
  'end_reason',
  'metadata',
  'holds_slot',
  'check_at',
] as const;
/** What changes in the life of a call. */
const CHANGING = [
  'status',
  'provider_call_id',
  'answered_at',
  'ended_at',
  'duration_s',
  'end_reason',
  'holds_slot',
  'check_at',
] as const satisfies readonly (typeof WRITTEN)[number][];

/** What the columns hold, in characters; vendors' words are cut. */
const LIMITS = { farEnd: 255, providerCallId: 128, endReason: 64 } as const;

/** The rows of calls; statements stay one however many calls there are. */
@Injectable()
export class CallsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Those of the calls that there are, locked in the order of the primary key. */
  async lock(manager: EntityManager, callIds: readonly string[]): Promise<CallRecord[]> {
    if (callIds.length === 0) return [];
    const rows = await selectRows<CallRow>(
      manager,
      `SELECT ${CALL_COLUMNS} FROM phone_call WHERE call_id IN (${placeholders(callIds.length)})
       ORDER BY call_id${forUpdate(this.database.dialect)}`,
      callIds,
    );
    return rows.map(toRecord);
  }

  async find(manager: EntityManager, accountId: string, callId: string): Promise<Call | null> {
    const [row] = await selectRows<CallRow>(
      manager,
      `SELECT ${CALL_COLUMNS} FROM phone_call WHERE call_id = ? AND account_id = ?`,
      [callId, accountId],
    );
    return row ? toRecord(row).call : null;
  }

  async exists(manager: EntityManager, callId: string): Promise<boolean> {
    const rows = await selectRows(manager, 'SELECT 1 FROM phone_call WHERE call_id = ?', [callId]);
    return rows.length > 0;
  }

  /** The identifiers of calls that vendors know by these names. */
  async idsOf(manager: EntityManager, names: readonly ProviderCallName[]): Promise<string[]> {
    if (names.length === 0) return [];
    const rows = await selectRows<{ callId: string }>(
      manager,
      `SELECT call_id AS callId FROM phone_call
       WHERE ${names.map(() => '(provider_account_id = ? AND provider_call_id = ?)').join(' OR ')}`,
      names.flatMap(({ providerAccountId, providerCallId }) => [providerAccountId, providerCallId]),
    );
    return rows.map(({ callId }) => callId);
  }

  /**
   * @param checkAt when a call that is still under way is looked after, Unix milliseconds
   * @throws a duplicate key error (`isDuplicateKey`) where another transaction has just added one of them
   */
  async insert(manager: EntityManager, records: readonly CallRecord[], checkAt: number): Promise<void> {
    if (records.length > 0) await affectedRows(manager, insertOf(records), valuesOf(records, checkAt));
  }

  /** Writes calls that are locked. */
  async update(manager: EntityManager, records: readonly CallRecord[], checkAt: number): Promise<void> {
    if (records.length === 0) return;
    // Every row is there, so that nothing is inserted: this is MySQL's and SQLite's way to change many rows at once.
    const changes =
      this.database.dialect === 'mysql'
        ? ` ON DUPLICATE KEY UPDATE ${CHANGING.map((column) => `${column} = VALUES(${column})`).join(', ')}`
        : ` ON CONFLICT (call_id) DO UPDATE SET ${CHANGING.map((column) => `${column} = excluded.${column}`).join(', ')}`;
    await affectedRows(manager, insertOf(records) + changes, valuesOf(records, checkAt));
  }
}

function insertOf(records: readonly CallRecord[]): string {
  const row = `(${placeholders(WRITTEN.length)})`;
  return `INSERT INTO phone_call (${WRITTEN.join(', ')}) VALUES ${records.map(() => row).join(', ')}`;
}

function valuesOf(records: readonly CallRecord[], checkAt: number): SqlValue[] {
  return records.flatMap(({ call, holdsSlot }): SqlValue[] => [
    call.callId,
    call.accountId,
    call.direction,
    call.status,
    call.agentId,
    call.e164,
    cut(call.farEnd, LIMITS.farEnd),
    call.provider,
    call.providerAccountId,
    cut(call.providerCallId, LIMITS.providerCallId),
    call.startedAt,
    call.answeredAt,
    call.endedAt,
    call.durationS,
    cut(call.endReason, LIMITS.endReason),
    call.metadata && JSON.stringify(call.metadata),
    holdsSlot ? 1 : 0,
    isUnderWay(call.status) ? checkAt : null,
  ]);
}

function cut(text: string | null, length: number): string | null {
  return text === null ? null : cutText(text, length);
}

export function toRecord({ holdsSlot, metadata, ...row }: CallRow): CallRecord {
  return { call: { ...row, metadata: jsonValue(metadata) }, holdsSlot: Boolean(holdsSlot) };
}
