import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ProviderName } from '../../common/provider-name';
import { Database } from '../../database/database';
import { affectedRows, forUpdate, placeholders, selectRows, skipLocked, type SqlValue } from '../../database/sql';
import type { Call } from '../call';
import { CALL_COLUMNS, toRecord } from '../record/calls.repository';
import type { CallCheck } from './call-check';

type DueRow = Parameters<typeof toRecord>[0] & { readonly dueAt: number; readonly formerClaim: string | null };

/** How far apart two calls may have begun of which the vendor could take one for the other, in milliseconds. */
const AROUND_MS = 1_800_000;
const MOST_OTHERS = 1_000;

/** Times in Unix milliseconds. */
export interface NewClaim {
  readonly claim: string;
  readonly now: number;
  readonly until: number;
  /** Those whose calls in go through one of our processes, and are due only where they were to be looked after before then. */
  readonly bridged: { readonly providers: readonly ProviderName[]; readonly dueBefore: number };
}

/**
 * The claims on calls to be looked after. A claim is a name in `check_claim`, and `check_at` is when it lapses. News of the call
 * move `check_at`, so that a call of which there were some is not as claimed any more. The name stays while nothing was found.
 */
@Injectable()
export class CallChecksRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Claims up to `limit` calls of any account that are due, the longest waiting first. */
  async claimDue(
    manager: EntityManager,
    limit: number,
    { claim, now, until, bridged }: NewClaim,
  ): Promise<CallCheck[]> {
    const { dialect } = this.database;
    const rows = await selectRows<DueRow>(
      manager,
      `SELECT ${CALL_COLUMNS}, check_at AS dueAt, check_claim AS formerClaim FROM phone_call
       WHERE check_at <= ? AND (check_at <= ? OR direction <> 'inbound'
         OR provider NOT IN (${placeholders(bridged.providers.length)}))
       ORDER BY check_at LIMIT ${limit}${forUpdate(dialect)}${skipLocked(dialect)}`,
      [now, bridged.dueBefore, ...bridged.providers],
    );
    if (rows.length === 0) return [];
    await affectedRows(
      manager,
      `UPDATE phone_call SET check_claim = ?, check_at = ? WHERE call_id IN (${placeholders(rows.length)})`,
      [claim, until, ...rows.map(({ callId }) => callId)],
    );
    return rows.map(({ dueAt, formerClaim, ...row }) => {
      const { call } = toRecord(row);
      return { call, claim, claimedUntil: until, dueAt, isFirstLook: formerClaim === null };
    });
  }

  /** What the vendor calls other calls of the same number that began at about the same time. */
  async othersOf(manager: EntityManager, { accountId, e164, startedAt, callId }: Call): Promise<string[]> {
    const rows = await selectRows<{ providerCallId: string }>(
      manager,
      `SELECT provider_call_id AS providerCallId FROM phone_call
       WHERE account_id = ? AND e164 = ? AND started_at BETWEEN ? AND ? AND provider_call_id IS NOT NULL
         AND call_id <> ? ORDER BY started_at LIMIT ${MOST_OTHERS}`,
      [accountId, e164, startedAt - AROUND_MS, startedAt + AROUND_MS, callId],
    );
    return rows.map(({ providerCallId }) => providerCallId);
  }

  /** Locks the call. @returns whether it is still as claimed */
  async hold(manager: EntityManager, check: CallCheck): Promise<boolean> {
    const rows = await selectRows(
      manager,
      `SELECT 1 FROM phone_call WHERE ${AS_CLAIMED}${forUpdate(this.database.dialect)}`,
      asClaimed(check),
    );
    return rows.length > 0;
  }

  /**
   * Whether another call goes by this name. Locks the number, since two lost calls of one number may be found under the same
   * name at the same moment.
   */
  async isTaken(manager: EntityManager, call: Call, providerCallId: string): Promise<boolean> {
    const { accountId, e164, providerAccountId, callId } = call;
    const lock = forUpdate(this.database.dialect);
    await selectRows(manager, `SELECT 1 FROM phone_number WHERE account_id = ? AND e164 = ?${lock}`, [accountId, e164]);
    const rows = await selectRows(
      manager,
      'SELECT 1 FROM phone_call WHERE provider_account_id = ? AND provider_call_id = ? AND call_id <> ? LIMIT 1',
      [providerAccountId, providerCallId, callId],
    );
    return rows.length > 0;
  }

  /** Has a call that is as claimed looked after again then. */
  async checkAgainAt(manager: EntityManager, check: CallCheck, at: number): Promise<void> {
    await affectedRows(manager, `UPDATE phone_call SET check_at = ? WHERE ${AS_CLAIMED}`, [at, ...asClaimed(check)]);
  }

  /** Gives back the claim on a call of which there are news. */
  async letGo(manager: EntityManager, { call, claim }: CallCheck): Promise<void> {
    const params = [call.callId, claim];
    await affectedRows(
      manager,
      'UPDATE phone_call SET check_claim = NULL WHERE call_id = ? AND check_claim = ?',
      params,
    );
  }
}

const AS_CLAIMED = 'call_id = ? AND check_claim = ? AND check_at = ?';

function asClaimed({ call, claim, claimedUntil }: CallCheck): SqlValue[] {
  return [call.callId, claim, claimedUntil];
}
