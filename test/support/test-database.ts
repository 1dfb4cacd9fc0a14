import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { DatabaseConfig } from '../../src/config/config';
import type { Dialect } from '../../src/database/dialect';

const POOL_SIZE = 10;
const CONNECT_LIMIT_MS = 5_000;

/** An empty database of one test file's own. */
export interface TestDatabase {
  readonly config: DatabaseConfig;
  /** The same as a `DATABASE_URL`, for processes. */
  readonly url: string;
  /** Removes it; whoever uses it has closed before. */
  drop(): Promise<void>;
}

/** What the running jest project tests on: the setup file decides, SQLite where there is none. */
export function testDialect(): Dialect {
  return process.env.TEST_DIALECT === 'mysql' ? 'mysql' : 'sqlite';
}

/** @throws Error on MySQL without `TEST_MYSQL_URL`, or where that server cannot be used */
export function createTestDatabase(dialect: Dialect = testDialect()): Promise<TestDatabase> {
  return dialect === 'mysql' ? createMysql() : createSqlite();
}

async function createSqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-test-'));
  const path = join(folder, 'test.db');
  return {
    config: { kind: 'sqlite', path },
    url: `sqlite:${path}`,
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function createMysql(): Promise<TestDatabase> {
  const server = process.env.TEST_MYSQL_URL;
  if (!server) throw new Error('TEST_MYSQL_URL is not set: run these through npm test, or name a server');
  const database = `patchbay_test_${randomBytes(8).toString('hex')}`;
  // The server's case-insensitive default collation stays: columns that need another have to say so themselves.
  await execute(server, `CREATE DATABASE ${database} CHARACTER SET utf8mb4`);

  const url = new URL(server);
  url.pathname = `/${database}`;
  url.search = '';
  return {
    config: {
      kind: 'mysql',
      host: url.hostname,
      port: Number(url.port || '3306'),
      username: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database,
      poolSize: POOL_SIZE,
      tls: false,
    },
    url: url.href,
    // A connection left open holds its locks: fail soon and say so, rather than wait a day for it.
    drop: () => execute(server, 'SET SESSION lock_wait_timeout = 10', `DROP DATABASE IF EXISTS ${database}`),
  };
}

async function execute(server: string, ...statements: string[]): Promise<void> {
  const connection = await createConnection({ uri: server, connectTimeout: CONNECT_LIMIT_MS });
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}
