import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { affectedRows, placeholders, selectRows, skipTaken, type SqlValue } from '../database/sql';
import type { LaneClaim } from './delivery';

/** An agent with messages to be told, and since when the oldest of them is due, Unix milliseconds. */
export interface DueAgent {
  readonly agentId: string;
  readonly since: number;
}

/** How a lane is left. */
export interface LaneEnd {
  readonly failures: number;
  /** Unix milliseconds; `null` = it may be taken again at once. */
  readonly heldUntil: number | null;
}

/** The lanes that agents' messages go through: whoever has claimed one is alone in delivering to that agent. */
@Injectable()
export class LanesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Agents whose lane is claimed by somebody or held. */
  async busy(manager: EntityManager, now: number): Promise<string[]> {
    const rows = await selectRows<{ agentId: string }>(
      manager,
      `SELECT agent_id AS agentId FROM webhook_lane WHERE claimed_until > ?
       UNION SELECT agent_id AS agentId FROM webhook_lane WHERE held_until > ?`,
      [now, now],
    );
    return rows.map(({ agentId }) => agentId);
  }

  /** Up to `limit` agents with messages that are due, the longest waiting first, without those that are named. */
  due(manager: EntityManager, now: number, without: readonly string[], limit: number): Promise<DueAgent[]> {
    const others = without.length === 0 ? '' : `AND agent_id NOT IN (${placeholders(without.length)})`;
    return selectRows<DueAgent>(
      manager,
      `SELECT agent_id AS agentId, MIN(due_at) AS since FROM outbox_message WHERE due_at <= ? ${others}
       GROUP BY agent_id ORDER BY since LIMIT ${limit}`,
      [now, ...without],
    );
  }

  /** Claims those of the lanes that are free. */
  async claim(
    manager: EntityManager,
    agentIds: readonly string[],
    { claim, now, until }: { claim: string; now: number; until: number },
  ): Promise<LaneClaim[]> {
    const among = `agent_id IN (${placeholders(agentIds.length)})`;
    const taken = await affectedRows(
      manager,
      `UPDATE webhook_lane SET claim = ?, claimed_until = ? WHERE ${among}
         AND (claimed_until IS NULL OR claimed_until <= ?) AND (held_until IS NULL OR held_until <= ?)`,
      [claim, until, ...agentIds, now, now],
    );
    if (taken < agentIds.length) await this.insertMissing(manager, agentIds, claim, until);
    return selectRows<LaneClaim>(
      manager,
      `SELECT agent_id AS agentId, claim, failures FROM webhook_lane WHERE ${among} AND claim = ?`,
      [...agentIds, claim],
    );
  }

  /** Gives a lane back, if it is still ours. */
  async release(manager: EntityManager, { agentId, claim }: LaneClaim, end: LaneEnd): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE webhook_lane SET claim = NULL, claimed_until = NULL, failures = ?, held_until = ?
       WHERE agent_id = ? AND claim = ?`,
      [end.failures, end.heldUntil, agentId, claim],
    );
  }

  /** Gives lanes back whose receivers are well, if they are still ours. */
  async releaseAll(manager: EntityManager, lanes: readonly LaneClaim[]): Promise<void> {
    const keys = lanes.map(() => '(agent_id = ? AND claim = ?)').join(' OR ');
    await affectedRows(
      manager,
      `UPDATE webhook_lane SET claim = NULL, claimed_until = NULL, failures = 0, held_until = NULL WHERE ${keys}`,
      lanes.flatMap(({ agentId, claim }): SqlValue[] => [agentId, claim]),
    );
  }

  /** Lets a lane be taken at once. */
  async unhold(manager: EntityManager, agentId: string): Promise<void> {
    await affectedRows(manager, 'UPDATE webhook_lane SET held_until = NULL WHERE agent_id = ?', [agentId]);
  }

  private async insertMissing(
    manager: EntityManager,
    agentIds: readonly string[],
    claim: string,
    until: number,
  ): Promise<void> {
    const rows = await selectRows<{ agentId: string }>(
      manager,
      `SELECT agent_id AS agentId FROM webhook_lane WHERE agent_id IN (${placeholders(agentIds.length)})`,
      agentIds,
    );
    const known = new Set(rows.map(({ agentId }) => agentId));
    const missing = agentIds.filter((agentId) => !known.has(agentId));
    if (missing.length === 0) return;
    await affectedRows(
      manager,
      `INSERT INTO webhook_lane (agent_id, claim, claimed_until, failures)
       VALUES ${missing.map(() => '(?, ?, ?, 0)').join(', ')} ${skipTaken(this.database.dialect, 'agent_id')}`,
      missing.flatMap((agentId): SqlValue[] => [agentId, claim, until]),
    );
  }
}
