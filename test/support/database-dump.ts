import type { EntityManager } from 'typeorm';
import { openDataSource } from '../../src/database/open-data-source';
import type { TestDatabase } from './test-database';

/** Every row of every table, as text; bytes are read as UTF-8. For what must be nowhere. */
export async function dumpDatabase(database: TestDatabase): Promise<Record<string, string>> {
  return withRows(database, async (manager) => {
    const dump: Record<string, string> = {};
    for (const table of await tableNames(manager)) {
      dump[table] = JSON.stringify(await manager.query(`SELECT * FROM ${table}`), (_name, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
      );
    }
    return dump;
  });
}

/** Opens the database beside whoever uses it, and closes it again. */
export async function withRows<T>(database: TestDatabase, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const dataSource = await openDataSource(database.config);
  try {
    return await work(dataSource.manager);
  } finally {
    await dataSource.destroy();
  }
}

export async function tableNames(manager: EntityManager): Promise<string[]> {
  const sql =
    manager.dataSource.options.type === 'better-sqlite3'
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()';
  const rows = await manager.query<{ name: string }[]>(sql);
  return rows.map(({ name }) => name).sort();
}
