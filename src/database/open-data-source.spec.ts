import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { isUnavailable } from './db-errors';
import { openDataSource } from './open-data-source';
import { selectRows } from './sql';

@Entity('open_data_source_spec')
class LoadedEntity {
  @PrimaryColumn({ type: 'varchar' })
  name!: string;

  @Column({ type: 'bigint' })
  at!: number;
}

describe('openDataSource', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes the folder of a SQLite file', async () => {
    const path = join(folder, 'deep', 'deeper', 'patchbay.db');
    const dataSource = await openDataSource({ kind: 'sqlite', path });
    await dataSource.query('CREATE TABLE item (name text)');
    await dataSource.destroy();
    expect((await stat(path)).isFile()).toBe(true);
  });

  // https://www.sqlite.org/pragma.html: synchronous 2 is FULL.
  it.each([
    ['journal_mode', { journal_mode: 'wal' }],
    ['synchronous', { synchronous: 2 }],
    ['foreign_keys', { foreign_keys: 1 }],
    ['busy_timeout', { timeout: 5_000 }],
  ])('sets %s', async (pragma, row) => {
    const dataSource = await openDataSource({ kind: 'sqlite', path: join(folder, 'pragmas.db') });
    expect(await selectRows(dataSource.manager, `PRAGMA ${pragma}`, [])).toEqual([row]);
    await dataSource.destroy();
  });

  it('knows the entities that are loaded, and makes no table for them by itself', async () => {
    const dataSource = await openDataSource({ kind: 'sqlite', path: ':memory:' });
    expect(dataSource.hasMetadata(LoadedEntity)).toBe(true);
    expect(dataSource.options.synchronize ?? false).toBe(false);
    await expect(dataSource.getRepository(LoadedEntity).count()).rejects.toThrow('no such table');
    await dataSource.destroy();
  });

  it('says that a MySQL server cannot be reached', async () => {
    const opening = openDataSource({
      kind: 'mysql',
      host: '127.0.0.1',
      port: 1,
      username: 'u',
      password: 'p',
      database: 'd',
      poolSize: 1,
      tls: false,
    });
    const error: unknown = await opening.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(isUnavailable(error)).toBe(true);
  });

  it('opens each time anew', async () => {
    const [one, other] = await Promise.all([
      openDataSource({ kind: 'sqlite', path: ':memory:' }),
      openDataSource({ kind: 'sqlite', path: ':memory:' }),
    ]);
    expect(one).toBeInstanceOf(DataSource);
    await one.query('CREATE TABLE item (name text)');
    await expect(other.query('SELECT * FROM item')).rejects.toThrow('no such table');
    await Promise.all([one.destroy(), other.destroy()]);
  });
});
