import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { selectRows } from '../database/sql';
import { AccountEntity } from './account.entity';

export type NewAccount = Pick<AccountEntity, 'accountId' | 'name' | 'createdAt'>;

@Injectable()
export class AccountRepository {
  async findIdByName(manager: EntityManager, name: string): Promise<string | null> {
    const [row] = await selectRows<{ account_id: string }>(manager, 'SELECT account_id FROM account WHERE name = ?', [
      name,
    ]);
    return row?.account_id ?? null;
  }

  /** Fails with a duplicate key when the name is taken. */
  async insert(manager: EntityManager, account: NewAccount): Promise<void> {
    await manager.insert(AccountEntity, account);
  }
}
