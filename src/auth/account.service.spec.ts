import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database';
import { AccountRepository } from './account.repository';
import { AccountService } from './account.service';

const manager = {} as EntityManager;
const database = {
  read: (work: (manager: EntityManager) => Promise<unknown>) => work(manager),
  transaction: (work: (manager: EntityManager) => Promise<unknown>) => work(manager),
} as unknown as Database;

let accounts: jest.Mocked<Pick<AccountRepository, 'findIdByName' | 'insert'>>;
let service: AccountService;

beforeEach(() => {
  accounts = { findIdByName: jest.fn(), insert: jest.fn().mockResolvedValue(undefined) };
  service = new AccountService(database, accounts, { now: () => 7 });
});

it('makes an account when there is none of that name', async () => {
  accounts.findIdByName.mockResolvedValue(null);

  const accountId = await service.ensure('Acme');

  expect(accountId).toMatch(/^acct_[0-9a-z]{26}$/);
  expect(accounts.insert).toHaveBeenCalledWith(manager, { accountId, name: 'Acme', createdAt: 7 });
});

it('makes none when there is one', async () => {
  accounts.findIdByName.mockResolvedValue('acct_there');

  expect(await service.ensure('Acme')).toBe('acct_there');
  expect(accounts.insert).not.toHaveBeenCalled();
});

it.each(['ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_UNIQUE'])(
  'takes the one that another process made first (%s)',
  async (code) => {
    accounts.findIdByName.mockResolvedValueOnce(null).mockResolvedValueOnce('acct_theirs');
    accounts.insert.mockRejectedValue(Object.assign(new Error('duplicate'), { code }));

    expect(await service.ensure('Acme')).toBe('acct_theirs');
  },
);

it('passes other failures on', async () => {
  accounts.findIdByName.mockResolvedValue(null);
  accounts.insert.mockRejectedValue(new Error('down'));
  await expect(service.ensure('Acme')).rejects.toThrow('down');

  accounts.insert.mockRejectedValue(Object.assign(new Error('same id twice'), { code: 'ER_DUP_ENTRY' }));
  await expect(service.ensure('Acme')).rejects.toThrow('same id twice');
});
