import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { runMigrations } from '../../src/database/migrate';
import { MIGRATIONS } from '../../src/database/migrations/all';
import { openDataSource } from '../../src/database/open-data-source';
import { tableNames } from '../support/database-dump';
import { createTestDatabase, type TestDatabase, testDialect } from '../support/test-database';
import { startProcess } from '../support/test-process';

jest.setTimeout(60_000);

const SOURCE = join(__dirname, '..', '..', 'src');
const NAMES = MIGRATIONS.map(({ name }) => name);
const TABLES = [
  'account',
  'agent',
  'agent_webhook',
  'api_token',
  'event',
  'inbound_request',
  'migration',
  'outbox_message',
  'phone_call',
  'phone_number',
  'provider_account',
  'provider_resource',
  'provider_sync',
  'webhook_attempt',
  'webhook_lane',
];

describe('Migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  /** The statements that would make the schema what the entities say. */
  const differences = async (): Promise<string[]> => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  };

  beforeAll(async () => {
    // A data source has the entities that are loaded; the program loads only those that it needs.
    const files = await readdir(SOURCE, { recursive: true });
    for (const file of files) if (file.endsWith('.entity.ts')) await import(join(SOURCE, file));
  });
  beforeEach(async () => {
    database = await createTestDatabase();
    dataSource = await openDataSource(database.config);
  });
  afterEach(async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.drop();
  });

  it('are all in the list, in the order of their time', async () => {
    const files = (await readdir(join(SOURCE, 'database', 'migrations'))).filter((name) => /^\d/.test(name));
    const times = files.map((name) => name.split('-')[0]).sort();
    expect(NAMES.map((name) => /\d{13}$/.exec(name)?.[0])).toEqual(times);
    expect(new Set(times).size).toBe(times.length);
  });

  it('make every table from nothing; a second run is harmless', async () => {
    expect(await runMigrations(dataSource)).toEqual(NAMES);
    expect(await tableNames(dataSource.manager)).toEqual(TABLES);
    expect(await runMigrations(dataSource)).toEqual([]);
    expect(await tableNames(dataSource.manager)).toEqual(TABLES);
  });

  it('make what the entities say, and nothing else', async () => {
    await runMigrations(dataSource);
    const tables = dataSource.entityMetadatas.map(({ tableName }) => tableName);
    expect([...tables, 'migration'].sort()).toEqual(TABLES);
    expect(await differences()).toEqual([]);

    // The comparison itself is no empty promise.
    await dataSource.query('ALTER TABLE agent DROP COLUMN greeting');
    expect((await differences()).join()).toContain('greeting');
  });

  it('go on where a process died between a change and its record', async () => {
    await runMigrations(dataSource);
    await dataSource.query("DELETE FROM migration WHERE name IN ('" + NAMES.slice(-2).join("', '") + "')");
    expect(await runMigrations(dataSource)).toEqual(NAMES.slice(-2));
    expect(await differences()).toEqual([]);
  });

  it('can be undone, and done again', async () => {
    await runMigrations(dataSource);
    for (let left = NAMES.length; left > 0; left--) await dataSource.undoLastMigration();
    expect(await tableNames(dataSource.manager)).toEqual(['migration']);
    expect(await dataSource.query('SELECT name FROM migration')).toEqual([]);
    expect(await runMigrations(dataSource)).toEqual(NAMES);
    expect(await tableNames(dataSource.manager)).toEqual(TABLES);
  });

  if (testDialect() === 'mysql') {
    it('are run once by several processes that start at the same moment', async () => {
      const migrate = async () => {
        const started = await startProcess({
          env: { DATABASE_URL: database.url },
          script: 'dist/cli.js',
          args: ['migrate', '--json'],
          waitUntilReady: false,
        });
        const { code } = await started.ended;
        expect({ code, stderr: started.stderr }).toEqual({ code: 0, stderr: '' });
        return (JSON.parse(started.stdout) as { applied: string[] }).applied;
      };
      const applied = await Promise.all([migrate(), migrate(), migrate()]);
      expect(applied.flat().sort()).toEqual([...NAMES].sort());
      expect(applied.filter((names) => names.length > 0)).toHaveLength(1);
      expect(await tableNames(dataSource.manager)).toEqual(TABLES);
    });

    it('compare identifiers and names byte by byte, whatever the default of the server', async () => {
      await runMigrations(dataSource);
      const columns = await dataSource.query<{ name: string; collation: string }[]>(
        `SELECT CONCAT(table_name, '.', column_name) AS name, collation_name AS collation
         FROM information_schema.columns
         WHERE table_schema = DATABASE() AND collation_name IS NOT NULL AND table_name <> 'migration'`,
      );
      expect(columns.length).toBeGreaterThan(20);
      expect(columns.filter(({ collation }) => !/_bin$/.test(collation))).toEqual([]);
    });
  }
});
