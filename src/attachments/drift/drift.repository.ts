import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { affectedRows, forUpdate, selectRows, skipLocked, type SqlValue } from '../../database/sql';
import type { ProviderName } from '../../common/provider-name';

/** A settled route that is to be read again at the provider. */
export interface SettledRoute {
  readonly accountId: string;
  readonly e164: string;
  readonly provider: ProviderName;
  readonly providerNumberId: string | null;
  readonly agentId: string;
  /** Unix milliseconds. */
  readonly attachedAt: number | null;
  readonly generation: number;
  /** The answer URL that the provider confirmed. */
  readonly routeUrl: string | null;
}

const COLUMNS = `account_id AS accountId, e164, provider, provider_number_id AS providerNumberId, agent_id AS agentId,
  attached_at AS attachedAt, route_generation AS generation, route_url AS routeUrl`;

/** Written only while the number is as it was read: another agent, or another change, makes the finding stale. */
const UNCHANGED = `account_id = ? AND e164 = ? AND route_generation = ? AND confirmed_generation = ?
  AND agent_id = ? AND status = 'active'`;

/** Why a number is `pending` whose route somebody has changed at the provider. */
export const ROUTE_DRIFTED = 'route_drifted';

/** The settled routes whose time to be read again has come. Times in Unix milliseconds. */
@Injectable()
export class DriftRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Takes up to `limit` of any account, the longest due first; they are due again at `until` if nothing is written. */
  async takeDue(
    manager: EntityManager,
    limit: number,
    { now, until }: { now: number; until: number },
  ): Promise<SettledRoute[]> {
    const { dialect } = this.database;
    const due = await selectRows<SettledRoute>(
      manager,
      `SELECT ${COLUMNS} FROM phone_number
       WHERE route_check_at <= ? AND status = 'active' AND agent_id IS NOT NULL
         AND route_generation = confirmed_generation
       ORDER BY route_check_at LIMIT ${limit}${forUpdate(dialect)}${skipLocked(dialect)}`,
      [now],
    );
    for (const route of due) await this.checkAgainAt(manager, route, until);
    return due;
  }

  async checkAgainAt(manager: EntityManager, route: SettledRoute, at: number): Promise<void> {
    await affectedRows(manager, `UPDATE phone_number SET route_check_at = ? WHERE ${UNCHANGED}`, [at, ...key(route)]);
  }

  /** Has the route told anew. @returns whether it was still as read */
  async raise(manager: EntityManager, route: SettledRoute, now: number): Promise<boolean> {
    const raised = await affectedRows(
      manager,
      `UPDATE phone_number SET route_generation = route_generation + 1, route_due_at = ?, route_claim = NULL,
         route_attempts = 0, route_check_at = NULL, status = 'pending', reason = ?, updated_at = ?
       WHERE ${UNCHANGED}`,
      [now, ROUTE_DRIFTED, now, ...key(route)],
    );
    return raised === 1;
  }
}

function key({ accountId, e164, generation, agentId }: SettledRoute): SqlValue[] {
  return [accountId, e164, generation, generation, agentId];
}
