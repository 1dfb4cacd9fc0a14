import type { DataSource } from 'typeorm';
import { assertMigrated, NotMigratedError } from './assert-migrated';
import { Database } from './database';
import { runMigrations } from './migrate';
import { openDataSource } from './open-data-source';

describe('assertMigrated', () => {
  let dataSource: DataSource;
  let database: Database;

  beforeEach(async () => {
    dataSource = await openDataSource({ kind: 'sqlite', path: ':memory:' });
    database = new Database(dataSource, 'sqlite');
  });

  afterEach(() => dataSource.destroy());

  it('refuses an empty database', async () => {
    await expect(assertMigrated(database)).rejects.toThrow(NotMigratedError);
  });

  it('refuses one that lacks the last migration', async () => {
    await runMigrations(dataSource);
    await dataSource.undoLastMigration();
    await expect(assertMigrated(database)).rejects.toMatchObject({ code: 'NOT_MIGRATED' });
  });

  it('accepts one that is up to date, and one that is ahead', async () => {
    await runMigrations(dataSource);
    await assertMigrated(database);
    await dataSource.query(`INSERT INTO migration (timestamp, name) VALUES (1, 'OfALaterVersion1')`);
    await assertMigrated(database);
  });

  it('passes other failures on', async () => {
    const failure = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    jest.spyOn(database, 'read').mockRejectedValue(failure);
    await expect(assertMigrated(database)).rejects.toBe(failure);
  });
});
