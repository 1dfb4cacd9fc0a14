import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { affectedRows, forUpdate, placeholders, selectRows } from '../../database/sql';
import type { SlotChange } from './call-ledger';

/** How many calls each number has under way. */
@Injectable()
export class NumberSlotsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

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

  /**
   * Adds and gives back whatever the limit, one statement for all numbers that change alike; a number that was deleted and
   * registered anew in between starts at nought.
   * @param changes in the order of the numbers
   */
  async change(manager: EntityManager, changes: readonly SlotChange[]): Promise<void> {
    const groups = alike(changes);
    // The groups' statements would lock numbers out of the order in which everybody locks them.
    if (groups.length > 1) await this.lock(manager, changes);
    for (const { accountId, by, numbers } of groups) {
      await affectedRows(
        manager,
        `UPDATE phone_number SET active_calls = CASE WHEN active_calls + ? < 0 THEN 0 ELSE active_calls + ? END
         WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})`,
        [by, by, accountId, ...numbers],
      );
    }
  }

  private async lock(manager: EntityManager, changes: readonly SlotChange[]): Promise<void> {
    if (this.database.dialect === 'sqlite') return;
    const accounts = [...new Set(changes.map(({ accountId }) => accountId))];
    const numbers = [...new Set(changes.map(({ e164 }) => e164))];
    await selectRows(
      manager,
      `SELECT 1 FROM phone_number
       WHERE account_id IN (${placeholders(accounts.length)}) AND e164 IN (${placeholders(numbers.length)})
       ORDER BY account_id, e164${forUpdate(this.database.dialect)}`,
      [...accounts, ...numbers],
    );
  }
}

interface Group {
  readonly accountId: string;
  readonly by: number;
  readonly numbers: string[];
}

function alike(changes: readonly SlotChange[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { accountId, e164, by } of changes) {
    const key = `${accountId} ${by}`;
    const group = groups.get(key) ?? { accountId, by, numbers: [] };
    groups.set(key, group);
    group.numbers.push(e164);
  }
  return [...groups.values()];
}
