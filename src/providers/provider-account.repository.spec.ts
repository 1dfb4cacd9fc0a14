import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../database/data-source-options';
import { Database } from '../database/database';
import { isDuplicateKey } from '../database/db-errors';
import { ProviderAccountRepository, type ProviderAccountRow } from './provider-account.repository';

const ROW: ProviderAccountRow = {
  providerAccountId: 'pa_1',
  accountId: 'acct_1',
  provider: 'twilio',
  sealedCredentials: 'Ym94',
  secretsKeyId: '0a1b2c3d',
  country: 'IN',
  inboundKey: 'k'.repeat(43),
  verified: true,
  createdAt: 1_764_000_000_000,
  updatedAt: 1_764_000_000_001,
};

describe('ProviderAccountRepository', () => {
  let source: DataSource;
  let database: Database;
  let accounts: ProviderAccountRepository;

  beforeEach(async () => {
    source = new DataSource(await dataSourceOptions({ kind: 'sqlite', path: ':memory:' }, []));
    await source.initialize();
    await source.runMigrations();
    database = new Database(source, 'sqlite');
    accounts = new ProviderAccountRepository(database);
    await source.query(
      "INSERT INTO account (account_id, name, created_at) VALUES ('acct_1', 'One', 0), ('acct_2', 'Two', 0)",
    );
    await source.query(
      `INSERT INTO agent (agent_id, account_id, agent_name, status, created_at, updated_at)
       VALUES ('agent_1', 'acct_1', 'A', 'active', 0, 0)`,
    );
  });

  afterEach(() => source.destroy());

  const insert = (row: ProviderAccountRow) => database.transaction((manager) => accounts.insert(manager, row));

  it('gives back what was inserted, to its account only', async () => {
    await insert(ROW);
    await database.transaction(async (manager) => {
      expect(await accounts.find(manager, 'acct_1', 'twilio')).toEqual(ROW);
      expect(await accounts.findForUpdate(manager, 'acct_1', 'twilio')).toEqual(ROW);
      expect(await accounts.find(manager, 'acct_2', 'twilio')).toBeNull();
      expect(await accounts.find(manager, 'acct_1', 'san')).toBeNull();
      expect([...(await accounts.configured(manager, 'acct_1'))]).toEqual(['twilio']);
      expect([...(await accounts.configured(manager, 'acct_2'))]).toEqual([]);
    });
  });

  it('updates everything but key and time of creation, and deletes', async () => {
    await insert(ROW);
    const changed = {
      ...ROW,
      sealedCredentials: 'bmV3',
      secretsKeyId: 'ffffffff',
      country: null,
      verified: false,
      updatedAt: 9,
    };
    await database.transaction((manager) =>
      accounts.update(manager, { ...changed, inboundKey: 'x', createdAt: 1 } as never),
    );
    expect(await database.read((manager) => accounts.find(manager, 'acct_1', 'twilio'))).toEqual(changed);
    await database.transaction((manager) => accounts.delete(manager, 'pa_1'));
    expect(await database.read((manager) => accounts.find(manager, 'acct_1', 'twilio'))).toBeNull();
  });

  it('refuses a second row for the same account and provider', async () => {
    await insert(ROW);
    const second = insert({ ...ROW, providerAccountId: 'pa_2', inboundKey: 'l'.repeat(43) });
    expect(isDuplicateKey(await second.catch((error: unknown) => error))).toBe(true);
  });

  it('finds the owner of an inbound key, at its own provider only', async () => {
    await insert(ROW);
    await database.read(async (manager) => {
      expect(await accounts.findByInboundKey(manager, 'twilio', ROW.inboundKey)).toEqual({
        accountId: 'acct_1',
        providerAccountId: 'pa_1',
        provider: 'twilio',
      });
      expect(await accounts.findByInboundKey(manager, 'san', ROW.inboundKey)).toBeNull();
      expect(await accounts.findByInboundKey(manager, 'twilio', 'K'.repeat(43))).toBeNull();
    });
  });

  it('counts the numbers that need the credentials', async () => {
    const number = (
      e164: string,
      more: { account?: string; provider?: string; agent?: string; generation?: number; due?: number },
    ) =>
      source.query(
        `INSERT INTO phone_number (account_id, e164, provider, agent_id, status, route_generation, confirmed_generation,
           route_due_at, created_at, updated_at) VALUES (?, ?, ?, ?, 'inactive', ?, 0, ?, 0, 0)`,
        [
          more.account ?? 'acct_1',
          e164,
          more.provider ?? 'twilio',
          more.agent ?? null,
          more.generation ?? 0,
          more.due ?? null,
        ],
      );
    const count = () => database.read((manager) => accounts.numbersInUse(manager, 'acct_1', 'twilio'));
    expect(await count()).toEqual({ attached: 0, unsettled: 0 });
    await number('+12025550100', {});
    await number('+12025550101', { generation: 2 });
    await number('+12025550102', { account: 'acct_2', generation: 2, due: 5 });
    await number('+12025550103', { provider: 'san', agent: 'agent_1', generation: 2, due: 5 });
    expect(await count()).toEqual({ attached: 0, unsettled: 0 });
    await number('+12025550104', { agent: 'agent_1' });
    await number('+12025550105', { agent: 'agent_1', generation: 1, due: 5 });
    await number('+12025550106', { generation: 2, due: 5 });
    expect(await count()).toEqual({ attached: 2, unsettled: 1 });
  });
});
