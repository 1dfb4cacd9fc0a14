import type { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations/all';
import { runMigrations } from './migrate';
import { openDataSource } from './open-data-source';
import { selectRows } from './sql';

const TABLES = [
  'account',
  'agent',
  'agent_webhook',
  'api_token',
  'event',
  'inbound_request',
  'outbox_message',
  'phone_call',
  'phone_number',
  'provider_account',
  'provider_resource',
  'provider_sync',
  'webhook_attempt',
  'webhook_lane',
];
const NAMES = MIGRATIONS.map(({ name }) => name);

/** `provider_sync` for `CreateProviderSync1764000000007`; `undefined` for a migration that makes no table. */
function tableOf(migration: string): string | undefined {
  const [, words] = /^Create([A-Za-z]+)\d{13}$/.exec(migration) ?? [];
  return words?.replaceAll(/\B[A-Z]/g, '_$&').toLowerCase();
}

describe('runMigrations on SQLite', () => {
  let dataSource: DataSource;

  beforeEach(async () => {
    dataSource = await openDataSource({ kind: 'sqlite', path: ':memory:' });
  });

  afterEach(() => dataSource.destroy());

  async function namesOf(type: 'table' | 'index'): Promise<string[]> {
    const rows = await selectRows<{ name: string }>(
      dataSource.manager,
      "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
      [type],
    );
    return rows.map(({ name }) => name).filter((name) => name !== 'migration');
  }

  async function pragma(name: string): Promise<unknown[]> {
    return selectRows<unknown>(dataSource.manager, `PRAGMA ${name}`, []);
  }

  it('makes every table and names what it ran, oldest first', async () => {
    expect(await runMigrations(dataSource)).toEqual(NAMES);
    expect(await namesOf('table')).toEqual(TABLES);
    expect(NAMES).toEqual([...NAMES].sort((a, b) => Number(a.slice(-13)) - Number(b.slice(-13))));
  });

  it('does nothing when run again', async () => {
    await runMigrations(dataSource);
    await dataSource.query("INSERT INTO account (account_id, name, created_at) VALUES ('acct_1', 'One', 0)");
    expect(await runMigrations(dataSource)).toEqual([]);
    expect(await selectRows(dataSource.manager, 'SELECT name FROM account', [])).toEqual([{ name: 'One' }]);
  });

  it('may run each migration on what it has already made, as after a crash before it was noted down', async () => {
    await runMigrations(dataSource);
    await dataSource.query("INSERT INTO account (account_id, name, created_at) VALUES ('acct_1', 'One', 0)");
    const before = await namesOf('index');
    await dataSource.query('DELETE FROM migration');
    expect(await runMigrations(dataSource)).toEqual(NAMES);
    expect(await namesOf('index')).toEqual(before);
    expect(await selectRows(dataSource.manager, 'SELECT name FROM account', [])).toEqual([{ name: 'One' }]);
  });

  it('takes each migration back, newest first, and makes it again', async () => {
    await runMigrations(dataSource);
    const left = new Set(TABLES);
    for (const name of [...NAMES].reverse()) {
      await dataSource.undoLastMigration();
      left.delete(tableOf(name) ?? '');
      expect(await namesOf('table')).toEqual([...left]);
    }
    expect(await namesOf('index')).toEqual([]);
    expect(await runMigrations(dataSource)).toEqual(NAMES);
    expect(await namesOf('table')).toEqual(TABLES);
  });

  it('leaves foreign keys enforced', async () => {
    await runMigrations(dataSource);
    expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    await expect(
      dataSource.query("INSERT INTO provider_account VALUES ('pa_1', 'acct_no', 'san', 'x', 'x', NULL, 'x', 1, 0, 0)"),
    ).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
  });

  it('keeps one row a number and account', async () => {
    await runMigrations(dataSource);
    await dataSource.query("INSERT INTO account VALUES ('acct_1', 'One', 0), ('acct_2', 'Two', 0)");
    const insert = (account: string) =>
      dataSource.query(
        `INSERT INTO phone_number (account_id, e164, provider, status, created_at, updated_at)
         VALUES (?, '+918062810341', 'san', 'inactive', 0, 0)`,
        [account],
      );
    await insert('acct_1');
    await insert('acct_2');
    await expect(insert('acct_1')).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  });

  it('finds due work, an account and an agent by index', async () => {
    await runMigrations(dataSource);
    const plan = async (condition: string) =>
      JSON.stringify(
        await selectRows(dataSource.manager, `EXPLAIN QUERY PLAN SELECT 1 FROM phone_number WHERE ${condition}`, []),
      );
    expect(await plan('route_due_at <= 5 ORDER BY route_due_at')).toContain('ix_phone_number_route_due');
    expect(await plan("account_id = 'a' AND agent_id = 'b' ORDER BY e164")).toContain('ix_phone_number_agent');
  });
});
