import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { affectedRows, placeholders, selectRows } from '../../database/sql';

/** The calls whose media goes through a process. */
@Injectable()
export class BridgedCallsRepository {
  /** Those of the calls that somebody wants to be ended. */
  async toHangUp(manager: EntityManager, callIds: readonly string[]): Promise<string[]> {
    const rows = await selectRows<{ callId: string }>(
      manager,
      `SELECT call_id AS callId FROM phone_call
       WHERE call_id IN (${placeholders(callIds.length)}) AND hangup_at IS NOT NULL AND ended_at IS NULL`,
      callIds,
    );
    return rows.map(({ callId }) => callId);
  }

  /** Puts off the time at which the calls count as lost, Unix milliseconds. */
  async keepAlive(manager: EntityManager, callIds: readonly string[], checkAt: number): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE phone_call SET check_at = ? WHERE call_id IN (${placeholders(callIds.length)}) AND ended_at IS NULL`,
      [checkAt, ...callIds],
    );
  }
}
