import { createConnection } from 'mysql2/promise';
import { dataSourceOptions } from './data-source-options';
import { MIGRATIONS } from './migrations/all';

jest.mock('mysql2/promise', () => ({ createConnection: jest.fn() }));

class SomeEntity {}

const MYSQL = {
  kind: 'mysql',
  host: 'db.example',
  port: 3307,
  username: 'patch',
  password: 'p@ss',
  database: 'bay',
  poolSize: 7,
  tls: false,
} as const;

function server(version: string | Error) {
  const query = jest.fn(() =>
    version instanceof Error ? Promise.reject(version) : Promise.resolve([[{ version }], []]),
  );
  const end = jest.fn(() => Promise.resolve());
  jest.mocked(createConnection).mockResolvedValue({ query, end } as never);
  return { query, end };
}

describe('dataSourceOptions', () => {
  it('is SQLite with the entities and every migration, each in its own transaction', async () => {
    const options = await dataSourceOptions({ kind: 'sqlite', path: ':memory:' }, [SomeEntity]);
    expect(options).toMatchObject({
      type: 'better-sqlite3',
      database: ':memory:',
      entities: [SomeEntity],
      migrations: MIGRATIONS,
      migrationsTransactionMode: 'each',
    });
    expect(options.synchronize).toBeUndefined();
  });

  it.each([
    ['10.11.19-MariaDB-1:10.11.19+maria~deb12', 'mariadb'],
    ['5.5.5-10.6.12-MariaDB', 'mariadb'],
    ['8.0.36', 'mysql'],
    ['8.0.11-TiDB-v7.5.0', 'mysql'],
  ])('takes a server that says %s for %s', async (version, type) => {
    const { end } = server(version);
    const options = await dataSourceOptions(MYSQL, [SomeEntity]);
    expect(options).toMatchObject({
      type,
      host: 'db.example',
      port: 3307,
      username: 'patch',
      password: 'p@ss',
      database: 'bay',
      poolSize: 7,
      timezone: 'Z',
      charset: 'utf8mb4',
      enableQueryTimeout: true,
      bigNumberStrings: false,
      entities: [SomeEntity],
      migrations: MIGRATIONS,
    });
    expect(options).toHaveProperty('ssl', undefined);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('gives up on a statement within the five seconds in which a client is to be answered', async () => {
    server('8.0.36');
    const { maxQueryExecutionTime } = await dataSourceOptions(MYSQL, []);
    expect(maxQueryExecutionTime).toBeGreaterThan(0);
    expect(maxQueryExecutionTime).toBeLessThan(5_000);
  });

  it('uses TLS for the question and for the pool', async () => {
    server('8.0.36');
    const options = await dataSourceOptions({ ...MYSQL, tls: true }, []);
    expect(options).toMatchObject({ ssl: {} });
    expect(createConnection).toHaveBeenLastCalledWith(
      expect.objectContaining({ host: 'db.example', port: 3307, user: 'patch', password: 'p@ss', ssl: {} }),
    );
  });

  it('closes its connection when the question fails', async () => {
    const { end } = server(new Error('gone'));
    await expect(dataSourceOptions(MYSQL, [])).rejects.toThrow('gone');
    expect(end).toHaveBeenCalledTimes(1);
  });
});
