import { type Clock, systemClock } from '../common/clock';
import { newId } from '../common/ids';
import type { Database } from '../database/database';
import { isDuplicateKey } from '../database/db-errors';
import type { AccountRepository } from './account.repository';

export class AccountService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountRepository,
    private readonly clock: Clock = systemClock,
  ) {}

  /** The id of the account of that name, which is made when there is none; two processes that race get the same one. */
  async ensure(name: string): Promise<string> {
    return (await this.find(name)) ?? (await this.create(name));
  }

  private find(name: string): Promise<string | null> {
    return this.database.read((manager) => this.accounts.findIdByName(manager, name));
  }

  private async create(name: string): Promise<string> {
    const accountId = newId('account');
    try {
      await this.database.transaction((manager) =>
        this.accounts.insert(manager, { accountId, name, createdAt: this.clock.now() }),
      );
      return accountId;
    } catch (error) {
      const made = isDuplicateKey(error) ? await this.find(name) : null;
      if (made === null) throw error;
      return made;
    }
  }
}
