import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config';
import { Database } from './database';
import { DatabaseModule } from './database.module';
import { selectRows } from './sql';

function config(migrate: boolean): Config {
  return { database: { kind: 'sqlite', path: ':memory:' }, migrate } as Config;
}

const countAccounts = (database: Database) =>
  database.read((manager) => selectRows(manager, 'SELECT COUNT(*) AS total FROM account', []));

describe('DatabaseModule', () => {
  it('gives a migrated database and closes it at the end', async () => {
    const module = await Test.createTestingModule({ imports: [DatabaseModule.forRoot(config(true))] }).compile();
    const database = module.get(Database);
    expect(database.dialect).toBe('sqlite');
    expect(await countAccounts(database)).toEqual([{ total: 0 }]);

    await module.close();
    expect(database.dataSource.isInitialized).toBe(false);
  });

  it('leaves migrations to others where it is told so', async () => {
    const module = await Test.createTestingModule({ imports: [DatabaseModule.forRoot(config(false))] }).compile();
    await expect(countAccounts(module.get(Database))).rejects.toThrow('no such table');
    await module.close();
  });

  it('does not mind a database that is closed already', async () => {
    const module = await Test.createTestingModule({ imports: [DatabaseModule.forRoot(config(false))] }).compile();
    await module.get(DataSource, { strict: false }).destroy();
    await expect(module.close()).resolves.toBeUndefined();
  });

  it('is one module for one configuration, however many import it', () => {
    const one = config(true);
    expect(DatabaseModule.forRoot(one)).toBe(DatabaseModule.forRoot(one));
    expect(DatabaseModule.forRoot(config(true))).not.toBe(DatabaseModule.forRoot(one));
  });
});
