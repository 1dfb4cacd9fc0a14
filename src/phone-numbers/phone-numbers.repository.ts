import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { affectedRows, forShare, forUpdate, selectRows, type SqlValue } from '../database/sql';
import type {
  AttachedAgent,
  PhoneNumber,
  PhoneNumberChanges,
  PhoneNumberFilter,
  RoutedPhoneNumber,
} from './phone-number-record';
import { PhoneNumberEntity } from './phone-number.entity';

const COLUMNS = `e164, provider, country, status, reason, purpose, label, agent_id AS agentId,
  attached_at AS attachedAt, max_concurrent_calls AS maxConcurrentCalls, active_calls AS activeCalls,
  created_at AS createdAt, updated_at AS updatedAt`;

const ROUTE_COLUMNS = `route_generation AS routeGeneration, confirmed_generation AS confirmedGeneration,
  route_due_at AS routeDueAt, route_attempts AS routeAttempts, route_error AS routeError,
  route_confirmed_at AS routeConfirmedAt, route_url AS routeUrl, proven_at AS provenAt,
  former_route IS NOT NULL AS formerRouteSaved`;

const FIND_AGENT = `SELECT agent_id AS agentId, agent_name AS agentName, status, purpose FROM agent
  WHERE agent_id = ? AND account_id = ?`;

/** The first character after `9` in ASCII: `+91:` is the end of all numbers that begin with `+91`. */
const AFTER_DIGITS = ':';

@Injectable()
export class PhoneNumbersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** @throws a duplicate key error (`isDuplicateKey`) when the account has the number already */
  async insert(manager: EntityManager, accountId: string, number: PhoneNumber): Promise<void> {
    await manager.insert(PhoneNumberEntity, { ...number, accountId });
  }

  find(manager: EntityManager, accountId: string, e164: string): Promise<PhoneNumber | null> {
    return manager.findOneBy(PhoneNumberEntity, { accountId, e164 });
  }

  async findWithRoute(manager: EntityManager, accountId: string, e164: string): Promise<RoutedPhoneNumber | null> {
    return this.routed(manager, accountId, e164, '');
  }

  /** Reads the number and locks its row until the end of the transaction. */
  async lock(manager: EntityManager, accountId: string, e164: string): Promise<RoutedPhoneNumber | null> {
    return this.routed(manager, accountId, e164, forUpdate(this.database.dialect));
  }

  /** One page after `after` in E.164 order, which every index that a condition may use ends in. */
  async list(
    manager: EntityManager,
    accountId: string,
    filter: PhoneNumberFilter,
    after: string | undefined,
    limit: number,
  ): Promise<PhoneNumber[]> {
    const conditions = ['account_id = ?'];
    const params: SqlValue[] = [accountId];
    const where = (condition: string, ...values: SqlValue[]): void => {
      conditions.push(condition);
      params.push(...values);
    };
    const { prefix } = filter;
    // One lower bound only: of two, SQLite may take the lesser and walk all the pages before.
    if (after !== undefined && (prefix === undefined || after >= prefix)) where('e164 > ?', after);
    else if (prefix !== undefined) where('e164 >= ?', prefix);
    if (prefix !== undefined) where('e164 < ?', prefix + AFTER_DIGITS);
    if (filter.provider !== undefined) where('provider = ?', filter.provider);
    if (filter.status !== undefined) where('status = ?', filter.status);
    if (filter.purpose !== undefined) where('purpose = ?', filter.purpose);
    if (filter.agentId !== undefined) where('agent_id = ?', filter.agentId);
    if (filter.available === true) where('agent_id IS NULL');
    // Written so that no index offers itself: a range over agents would have to be sorted for every page.
    if (filter.available === false) where("COALESCE(agent_id, '') <> ''");
    if (filter.country !== undefined) where('country = ?', filter.country);
    return selectRows<PhoneNumber>(
      manager,
      `SELECT ${COLUMNS} FROM phone_number WHERE ${conditions.join(' AND ')} ORDER BY e164 LIMIT ?`,
      [...params, limit],
    );
  }

  async update(
    manager: EntityManager,
    accountId: string,
    e164: string,
    changes: PhoneNumberChanges,
    updatedAt: number,
  ): Promise<void> {
    await manager.update(PhoneNumberEntity, { accountId, e164 }, { ...changes, updatedAt });
  }

  async delete(manager: EntityManager, accountId: string, e164: string): Promise<void> {
    await manager.delete(PhoneNumberEntity, { accountId, e164 });
  }

  /**
   * Remembers that the number's own inbound URL works, and makes a number that waited for that `active`. One
   * statement, harmless to repeat. MySQL lets a later assignment see an earlier one, so `reason` comes last.
   */
  async markProven(manager: EntityManager, accountId: string, e164: string, at: number): Promise<void> {
    const waiting = "agent_id IS NOT NULL AND reason = 'awaiting_first_call'";
    await affectedRows(
      manager,
      `UPDATE phone_number SET
         proven_at = COALESCE(proven_at, ?),
         route_confirmed_at = CASE WHEN ${waiting} THEN ? ELSE route_confirmed_at END,
         status = CASE WHEN ${waiting} THEN 'active' ELSE status END,
         reason = CASE WHEN ${waiting} THEN NULL ELSE reason END,
         updated_at = ?
       WHERE account_id = ? AND e164 = ? AND (proven_at IS NULL OR (${waiting} AND status = 'pending'))`,
      [at, at, at, accountId, e164],
    );
  }

  async findAgent(manager: EntityManager, accountId: string, agentId: string): Promise<AttachedAgent | null> {
    const [agent] = await selectRows<AttachedAgent>(manager, FIND_AGENT, [agentId, accountId]);
    return agent ?? null;
  }

  /** Reads the agent and keeps it from being changed until the end of the transaction, as attach does. */
  async holdAgent(manager: EntityManager, accountId: string, agentId: string): Promise<AttachedAgent | null> {
    const lock = forShare(this.database.dialect);
    const [agent] = await selectRows<AttachedAgent>(manager, FIND_AGENT + lock, [agentId, accountId]);
    return agent ?? null;
  }

  async isProviderConfigured(manager: EntityManager, accountId: string, provider: string): Promise<boolean> {
    const rows = await selectRows(
      manager,
      'SELECT 1 AS found FROM provider_account WHERE account_id = ? AND provider = ?',
      [accountId, provider],
    );
    return rows.length > 0;
  }

  private async routed(
    manager: EntityManager,
    accountId: string,
    e164: string,
    lock: string,
  ): Promise<RoutedPhoneNumber | null> {
    const [row] = await selectRows<Omit<RoutedPhoneNumber, 'formerRouteSaved'> & { formerRouteSaved: 0 | 1 }>(
      manager,
      `SELECT ${COLUMNS}, ${ROUTE_COLUMNS} FROM phone_number WHERE account_id = ? AND e164 = ?${lock}`,
      [accountId, e164],
    );
    return row ? { ...row, formerRouteSaved: Boolean(row.formerRouteSaved) } : null;
  }
}
