import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import {
  affectedRows,
  forUpdate,
  jsonValue,
  placeholders,
  selectRows,
  skipLocked,
  type SqlValue,
} from '../database/sql';
import { interestOf, isInterested, type StoredInterest } from '../outbox/webhook-event';
import type { RouteSnapshot } from '../providers/contract/route';
import type { NumberKey, RouteOutcome, RouteWork } from './route-work';

type StoredWork = Omit<RouteWork, 'isFollowed' | 'formerRoute'> &
  StoredInterest & { readonly formerRoute: string | RouteSnapshot | null };

const SELECT_WORK = `SELECT n.account_id AS accountId, n.e164, n.provider, n.provider_number_id AS providerNumberId,
    n.agent_id AS agentId, n.attached_at AS attachedAt, n.status, n.route_generation AS generation,
    n.route_attempts AS attempts, n.route_url AS routeUrl, n.former_route AS formerRoute, n.route_claim AS claim,
    n.route_due_at AS claimedUntil, a.webhook_url AS webhookUrl, a.webhook_events AS webhookEvents
  FROM phone_number n LEFT JOIN agent a ON a.agent_id = n.agent_id`;

/** Unix milliseconds. */
export interface RecordTimes {
  readonly now: number;
  /** When a route that is confirmed now is read again; `null` = never. */
  readonly recheckAt: number | null;
}

/**
 * The claims on routes to be settled. A claim is a name in `route_claim`, and `route_due_at` is when it lapses: a row
 * whose process died becomes due by itself. Whatever is written for a claimed row is written only while it is ours.
 */
@Injectable()
export class RouteWorkRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Claims those of the numbers that are unsettled and in nobody's hands, due or not. */
  async claim(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
    { claim, now, until }: { claim: string; now: number; until: number },
  ): Promise<RouteWork[]> {
    const claimed = await affectedRows(
      manager,
      `UPDATE phone_number SET route_claim = ?, route_due_at = ?
       WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)}) AND route_generation <> confirmed_generation
         AND route_due_at IS NOT NULL AND (route_claim IS NULL OR route_due_at <= ?)`,
      [claim, until, accountId, ...numbers, now],
    );
    if (claimed === 0) return [];
    const rows = await selectRows<StoredWork>(
      manager,
      `${SELECT_WORK} WHERE n.account_id = ? AND n.e164 IN (${placeholders(numbers.length)}) AND n.route_claim = ?`,
      [accountId, ...numbers, claim],
    );
    return rows.map(toWork);
  }

  /** Claims up to `limit` rows of any account that are due, the longest waiting first. */
  async claimDue(
    manager: EntityManager,
    limit: number,
    { claim, now, until }: { claim: string; now: number; until: number },
  ): Promise<RouteWork[]> {
    const { dialect } = this.database;
    const due = await selectRows<NumberKey>(
      manager,
      `SELECT account_id AS accountId, e164 FROM phone_number WHERE route_due_at <= ?
       ORDER BY route_due_at LIMIT ${limit}${forUpdate(dialect)}${skipLocked(dialect)}`,
      [now],
    );
    if (due.length === 0) return [];
    const keys = due.map(() => '(n.account_id = ? AND n.e164 = ?)').join(' OR ');
    const params = due.flatMap(({ accountId, e164 }): SqlValue[] => [accountId, e164]);
    await affectedRows(manager, `UPDATE phone_number AS n SET route_claim = ?, route_due_at = ? WHERE ${keys}`, [
      claim,
      until,
      ...params,
    ]);
    const rows = await selectRows<StoredWork>(manager, `${SELECT_WORK} WHERE (${keys}) AND n.route_claim = ?`, [
      ...params,
      claim,
    ]);
    return rows.map(toWork);
  }

  /** The row as it is now, with its claim prolonged; `null` when the claim is no longer ours. */
  async renew(manager: EntityManager, work: RouteWork, until: number): Promise<RouteWork | null> {
    const params = [work.accountId, work.e164, work.claim];
    const condition = 'n.account_id = ? AND n.e164 = ? AND n.route_claim = ?';
    const held = await affectedRows(manager, `UPDATE phone_number AS n SET route_due_at = ? WHERE ${condition}`, [
      until,
      ...params,
    ]);
    if (held === 0) return null;
    const [row] = await selectRows<StoredWork>(manager, `${SELECT_WORK} WHERE ${condition}`, params);
    return row ? toWork(row) : null;
  }

  /** Keeps what the provider held, before it is overwritten there. @returns whether the claim was still ours */
  async saveFormerRoute(manager: EntityManager, work: RouteWork, former: RouteSnapshot): Promise<boolean> {
    const held = await affectedRows(
      manager,
      'UPDATE phone_number SET former_route = ? WHERE account_id = ? AND e164 = ? AND route_claim = ?',
      [JSON.stringify(former), work.accountId, work.e164, work.claim],
    );
    return held === 1;
  }

  /**
   * Writes an outcome of this generation and gives the claim back. A number that another agent has got meanwhile is not
   * as claimed either, because that one may want to be told.
   * @returns whether the row was still as claimed
   */
  async record(manager: EntityManager, work: RouteWork, outcome: RouteOutcome, times: RecordTimes): Promise<boolean> {
    const { assignments, params } = changes(work, outcome, times);
    const written = await affectedRows(
      manager,
      `UPDATE phone_number SET ${assignments}, route_claim = NULL
       WHERE account_id = ? AND e164 = ? AND route_claim = ? AND route_generation = ?
         AND COALESCE(agent_id, '') = ?`,
      [...params, work.accountId, work.e164, work.claim, work.generation, work.agentId ?? ''],
    );
    return written === 1;
  }

  /** Gives claims back at once, for a process that stops. */
  async release(manager: EntityManager, claims: readonly string[], now: number): Promise<void> {
    if (claims.length === 0) return;
    await affectedRows(
      manager,
      `UPDATE phone_number SET route_claim = NULL, route_due_at = ?
       WHERE route_due_at IS NOT NULL AND route_claim IN (${placeholders(claims.length)})`,
      [now, ...claims],
    );
  }

  /** Those of the numbers that still wait for the provider. */
  async unsettled(manager: EntityManager, accountId: string, numbers: readonly string[]): Promise<string[]> {
    const rows = await selectRows<{ e164: string }>(
      manager,
      `SELECT e164 FROM phone_number WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})
         AND route_generation <> confirmed_generation AND route_due_at IS NOT NULL AND route_attempts = 0`,
      [accountId, ...numbers],
    );
    return rows.map(({ e164 }) => e164);
  }
}

function toWork({ webhookUrl, webhookEvents, formerRoute, ...row }: StoredWork): RouteWork {
  return {
    ...row,
    isFollowed: isInterested(interestOf({ webhookUrl, webhookEvents }), 'number.status_changed'),
    formerRoute: jsonValue(formerRoute),
  };
}

function changes(
  work: Pick<RouteWork, 'agentId'>,
  outcome: RouteOutcome,
  { now, recheckAt }: RecordTimes,
): { assignments: string; params: SqlValue[] } {
  const isAttached = work.agentId !== null;
  switch (outcome.kind) {
    case 'confirmed':
      return {
        assignments: `confirmed_generation = route_generation, route_due_at = NULL, route_attempts = 0,
          route_error = NULL, route_confirmed_at = ?, route_url = ?, provider_number_id = ?, route_check_at = ?
          ${isAttached ? `, status = 'active', reason = NULL, updated_at = ?` : ', former_route = NULL'}`,
        params: [now, outcome.routeUrl, outcome.providerNumberId, ...(isAttached ? [recheckAt, now] : [null])],
      };
    case 'retry':
      return {
        assignments: `route_due_at = ?, route_attempts = route_attempts + 1, route_error = ?
          ${isAttached ? `, status = 'pending', reason = ?` : ''}`,
        params: [now + outcome.retryAfterMs, outcome.error, ...(isAttached ? [outcome.reason] : [])],
      };
    case 'refused':
      return {
        assignments: `route_due_at = NULL, route_attempts = route_attempts + 1, route_error = ?
          ${isAttached ? `, status = 'inactive', reason = ?, updated_at = ?` : ''}`,
        params: [outcome.error, ...(isAttached ? [outcome.reason, now] : [])],
      };
    case 'claim_lost':
      return { assignments: 'route_due_at = route_due_at', params: [] };
  }
}
