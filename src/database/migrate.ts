import { DataSource } from 'typeorm';
import { type SqlValue, selectRows } from './sql';

const LOCK_NAME = 'patchbay_migrate';
const LOCK_WAIT_S = 60;

/**
 * Runs the pending migrations and names them. On MySQL this has a pool of its own, without the time limit on
 * statements, and a named lock that makes a second process wait for the first, so that replicas may all start at once.
 * Source: https://mariadb.com/kb/en/get_lock/
 */
export async function runMigrations(dataSource: DataSource): Promise<string[]> {
  if (dataSource.options.type === 'better-sqlite3') return apply(dataSource);
  const patient = new DataSource({ ...dataSource.options, enableQueryTimeout: false } as DataSource['options']);
  await patient.initialize();
  try {
    return await lockAndApply(patient);
  } finally {
    await patient.destroy();
  }
}

async function lockAndApply(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  const ask = async (sql: string, params: SqlValue[]): Promise<number | null> => {
    const [row] = await selectRows<{ answer: number | null }>(runner.manager, sql, params);
    return row?.answer ?? null;
  };
  try {
    if ((await ask('SELECT GET_LOCK(?, ?) AS answer', [LOCK_NAME, LOCK_WAIT_S])) !== 1) {
      throw new Error(`Another process has been migrating for over ${LOCK_WAIT_S} seconds`);
    }
    return await apply(dataSource);
  } finally {
    await ask('SELECT RELEASE_LOCK(?) AS answer', [LOCK_NAME]);
    await runner.release();
  }
}

async function apply(dataSource: DataSource): Promise<string[]> {
  const migrations = await dataSource.runMigrations();
  return migrations.map(({ name }) => name);
}
