import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { DataSourceOptions, EntitySchema } from 'typeorm';
import type { DatabaseConfig } from '../config/config';
import { MIGRATIONS } from './migrations/all';

type Entities = readonly (EntitySchema | (new () => object))[];
type MysqlConfig = Extract<DatabaseConfig, { kind: 'mysql' }>;

/** A statement that takes longer is given up, so that a frozen server answers 503 and not never; milliseconds. */
const STATEMENT_TIMEOUT_MS = 4_000;
const CONNECT_TIMEOUT_MS = 3_000;

const shared = {
  migrations: MIGRATIONS,
  migrationsTableName: 'migration',
  migrationsTransactionMode: 'each',
  // TypeORM's own choice writes every statement that takes too long to the standard output, parameters included.
  logger: 'debug',
} as const;

/** The one place that says how to reach the database; the service, the command line and the tests all use it. */
export async function dataSourceOptions(config: DatabaseConfig, entities: Entities): Promise<DataSourceOptions> {
  return config.kind === 'sqlite'
    ? sqliteOptions(config.path, entities)
    : { ...mysqlOptions(config, entities), type: await detectMysqlFlavour(config) };
}

function sqliteOptions(path: string, entities: Entities): DataSourceOptions {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  return {
    ...shared,
    type: 'better-sqlite3',
    database: path,
    entities: [...entities],
    prepareDatabase: (database: { pragma(text: string): unknown }) => {
      // FULL, since WAL's default may lose the last commits when the power goes.
      for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'foreign_keys = ON', 'busy_timeout = 5000']) {
        database.pragma(pragma);
      }
    },
  };
}

function mysqlOptions(config: MysqlConfig, entities: Entities) {
  return {
    ...shared,
    type: 'mysql' as const,
    host: config.host,
    port: config.port,
    username: config.username,
    password: config.password,
    database: config.database,
    ssl: config.tls ? {} : undefined,
    entities: [...entities],
    charset: 'utf8mb4',
    timezone: 'Z',
    poolSize: config.poolSize,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxQueryExecutionTime: STATEMENT_TIMEOUT_MS,
    enableQueryTimeout: true,
    // A stack trace for every statement, in case it fails, costs more than a tenth of the statement.
    trace: false,
    // Nothing is prepared; each connection sets aside room for 16,000 statements unless told.
    extra: { maxPreparedStatements: 1 },
    // Stored times are integers well below 2^53.
    supportBigNumbers: true,
    bigNumberStrings: false,
  };
}

/** TypeORM writes other SQL for MariaDB than for MySQL, and only the server knows which it is. */
async function detectMysqlFlavour(config: MysqlConfig): Promise<'mysql' | 'mariadb'> {
  const connection = await createConnection({
    host: config.host,
    port: config.port,
    user: config.username,
    password: config.password,
    database: config.database,
    ssl: config.tls ? {} : undefined,
    connectTimeout: CONNECT_TIMEOUT_MS,
  });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return JSON.stringify(rows).includes('MariaDB') ? 'mariadb' : 'mysql';
  } finally {
    await connection.end();
  }
}
