import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { affectedRows } from '../../database/sql';
import type { SlotChange } from './call-ledger';

/** How many calls each number has under way. */
@Injectable()
export class NumberSlotsRepository {
  /** Takes one, in a single statement that no other can come between. @returns false where the number is at its limit */
  async take(manager: EntityManager, accountId: string, e164: string): Promise<boolean> {
    const taken = await affectedRows(
      manager,
      `UPDATE phone_number SET active_calls = active_calls + 1
       WHERE account_id = ? AND e164 = ? AND (max_concurrent_calls IS NULL OR active_calls < max_concurrent_calls)`,
      [accountId, e164],
    );
    return taken === 1;
  }

  /** Adds and gives back whatever the limit; a number that was deleted and registered anew in between starts at nought. */
  async change(manager: EntityManager, changes: readonly SlotChange[]): Promise<void> {
    if (changes.length === 0) return;
    const isNumber = '(account_id = ? AND e164 = ?)';
    const sum = `active_calls + CASE ${changes.map(() => `WHEN ${isNumber} THEN ?`).join(' ')} ELSE 0 END`;
    const added = changes.flatMap(({ accountId, e164, by }) => [accountId, e164, by]);
    await affectedRows(
      manager,
      `UPDATE phone_number SET active_calls = CASE WHEN ${sum} < 0 THEN 0 ELSE ${sum} END
       WHERE ${changes.map(() => isNumber).join(' OR ')}`,
      [...added, ...added, ...changes.flatMap(({ accountId, e164 }) => [accountId, e164])],
    );
  }
}
