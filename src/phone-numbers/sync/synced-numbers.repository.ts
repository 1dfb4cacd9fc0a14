import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { affectedRows, forUpdate, placeholders, selectRows, skipTaken, type SqlValue } from '../../database/sql';
import type { OwnedNumber } from '../../providers/contract/route';
import type { ProviderName } from '../../common/provider-name';
import { GONE_AT_PROVIDER, type SyncedNumber, type SweptNumber } from './number-verdict';

export interface NewSyncedNumber extends OwnedNumber {
  readonly country: string | null;
}

interface Times {
  readonly syncId: string;
  readonly now: number;
}

const COLUMNS = `e164, provider, provider_number_id AS providerNumberId, agent_id AS agentId,
  attached_at AS attachedAt, status, reason, seen_sync AS seenSync, proven_at AS provenAt`;
const SWEPT_COLUMNS = `${COLUMNS}, route_generation AS routeGeneration, confirmed_generation AS confirmedGeneration,
  route_due_at AS routeDueAt, created_at AS createdAt`;

/** Statements of a sync on the inventory; none of them writes `agent_id`. Each is one statement for many numbers. */
@Injectable()
export class SyncedNumbersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Locked in E.164 order, as attach does. */
  async lock(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
  ): Promise<Map<string, SyncedNumber>> {
    if (numbers.length === 0) return new Map();
    const rows = await selectRows<SyncedNumber>(
      manager,
      `SELECT ${COLUMNS} FROM phone_number WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})
       ORDER BY e164${forUpdate(this.database.dialect)}`,
      [accountId, ...numbers],
    );
    return new Map(rows.map((row) => [row.e164, row]));
  }

  /** Adds numbers, in the order given; one that another request added meanwhile is left as it is. */
  async insert(
    manager: EntityManager,
    accountId: string,
    provider: ProviderName,
    numbers: readonly NewSyncedNumber[],
    { syncId, now }: Times,
  ): Promise<void> {
    if (numbers.length === 0) return;
    const row = `(?, ?, ?, ?, ?, 'inactive', 0, 0, 0, 0, ?, ?, ?)`;
    await affectedRows(
      manager,
      `INSERT INTO phone_number (account_id, e164, provider, country, provider_number_id, status, active_calls,
         route_generation, confirmed_generation, route_attempts, seen_sync, created_at, updated_at)
       VALUES ${numbers.map(() => row).join(', ')}${skipTaken(this.database.dialect, 'e164')}`,
      numbers.flatMap(({ phoneNumber, country, providerNumberId }): SqlValue[] => [
        accountId,
        phoneNumber,
        provider,
        country,
        providerNumberId,
        syncId,
        now,
        now,
      ]),
    );
  }

  async markSeen(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
    { syncId }: Pick<Times, 'syncId'>,
  ): Promise<void> {
    await this.update(manager, accountId, numbers, 'seen_sync = ?', [syncId]);
  }

  /** Notes the identifiers that the provider has for these numbers now. */
  async changeIds(
    manager: EntityManager,
    accountId: string,
    numbers: readonly OwnedNumber[],
    { now }: Pick<Times, 'now'>,
  ): Promise<void> {
    const cases = numbers.map(() => 'WHEN ? THEN ?').join(' ');
    await this.update(
      manager,
      accountId,
      numbers.map(({ phoneNumber }) => phoneNumber),
      `provider_number_id = CASE e164 ${cases} END, updated_at = ?`,
      [...numbers.flatMap(({ phoneNumber, providerNumberId }): SqlValue[] => [phoneNumber, providerNumberId]), now],
    );
  }

  /** Attached numbers that are back at the provider: their route is wanted there again, at once. */
  async routeAgain(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
    { now }: Pick<Times, 'now'>,
  ): Promise<void> {
    const assignments = `status = 'pending', reason = NULL, route_generation = route_generation + 1, route_attempts = 0,
      route_error = NULL, route_claim = NULL, route_due_at = ?, updated_at = ?`;
    await this.update(manager, accountId, numbers, assignments, [now, now]);
  }

  /** The same at a provider where numbers are bound by hand. MySQL lets a later assignment see an earlier one. */
  async awaitAgain(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
    { now }: Pick<Times, 'now'>,
  ): Promise<void> {
    const assignments = `status = CASE WHEN proven_at IS NULL THEN 'pending' ELSE 'active' END,
      reason = CASE WHEN proven_at IS NULL THEN 'awaiting_first_call' ELSE NULL END, updated_at = ?`;
    await this.update(manager, accountId, numbers, assignments, [now]);
  }

  /** Up to `limit` rows of the provider behind `after` in E.164 order, seen or not, without a lock. */
  async pageAfter(
    manager: EntityManager,
    accountId: string,
    provider: ProviderName,
    after: string,
    limit: number,
  ): Promise<SweptNumber[]> {
    return selectRows<SweptNumber>(
      manager,
      `SELECT ${SWEPT_COLUMNS} FROM phone_number WHERE account_id = ? AND provider = ? AND e164 > ?
       ORDER BY e164 LIMIT ?`,
      [accountId, provider, after, limit],
    );
  }

  async lockSwept(manager: EntityManager, accountId: string, numbers: readonly string[]): Promise<SweptNumber[]> {
    if (numbers.length === 0) return [];
    return selectRows<SweptNumber>(
      manager,
      `SELECT ${SWEPT_COLUMNS} FROM phone_number WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})
       ORDER BY e164${forUpdate(this.database.dialect)}`,
      [accountId, ...numbers],
    );
  }

  /** Attached numbers that the provider does not have any more: kept, and nothing is told there. */
  async markGone(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
    { now }: Pick<Times, 'now'>,
  ): Promise<void> {
    const assignments = `status = 'inactive', reason = ?, route_due_at = NULL, route_claim = NULL,
      route_check_at = NULL, updated_at = ?`;
    await this.update(manager, accountId, numbers, assignments, [GONE_AT_PROVIDER, now]);
  }

  /** Takes numbers out of the inventory, with what is kept of requests to them. */
  async remove(manager: EntityManager, accountId: string, numbers: readonly string[]): Promise<void> {
    if (numbers.length === 0) return;
    const which = `account_id = ? AND e164 IN (${placeholders(numbers.length)})`;
    await affectedRows(manager, `DELETE FROM inbound_request WHERE ${which}`, [accountId, ...numbers]);
    await affectedRows(manager, `DELETE FROM phone_number WHERE ${which} AND agent_id IS NULL`, [
      accountId,
      ...numbers,
    ]);
  }

  private async update(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
    assignments: string,
    params: readonly SqlValue[],
  ): Promise<void> {
    if (numbers.length === 0) return;
    await affectedRows(
      manager,
      `UPDATE phone_number SET ${assignments} WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})`,
      [...params, accountId, ...numbers],
    );
  }
}
