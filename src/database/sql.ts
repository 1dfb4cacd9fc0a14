import type { EntityManager } from 'typeorm';
import type { Dialect } from './dialect';

export type SqlValue = string | number | boolean | null;

/** The rows of a SELECT, as the driver gives them: column names as written, booleans as 0 and 1. */
export function selectRows<Row>(manager: EntityManager, sql: string, params: readonly SqlValue[]): Promise<Row[]> {
  return manager.query<Row[]>(sql, [...params]);
}

/** The value of a JSON column: MySQL's driver reads those, the others hand out their text. */
export function jsonValue<T>(stored: string | T): T {
  return typeof stored === 'string' ? (JSON.parse(stored) as T) : stored;
}

/** How many rows an UPDATE or DELETE matched. */
export async function affectedRows(manager: EntityManager, sql: string, params: readonly SqlValue[]): Promise<number> {
  const runner = manager.queryRunner ?? manager.dataSource.createQueryRunner();
  try {
    const result = await runner.query(sql, [...params], true);
    return result.affected ?? 0;
  } finally {
    if (runner !== manager.queryRunner) await runner.release();
  }
}

/** `?, ?, ?` for a list of `count` values. */
export function placeholders(count: number): string {
  return Array<string>(count).fill('?').join(', ');
}

/** Locks the rows read against other writers; SQLite has no row locks and needs none behind the queue. */
export function forUpdate(dialect: Dialect): string {
  return dialect === 'mysql' ? ' FOR UPDATE' : '';
}

/** Locks the rows read against change and deletion, but not against other readers of this kind. */
export function forShare(dialect: Dialect): string {
  return dialect === 'mysql' ? ' LOCK IN SHARE MODE' : '';
}

/**
 * Makes an `INSERT` leave rows alone whose key is taken; `column` is any of the table's. On MySQL it locks them for
 * writing, where `INSERT IGNORE` locks them for sharing and two that then want to write wait for each other.
 * Source: https://dev.mysql.com/doc/refman/8.0/en/innodb-locks-set.html
 */
export function skipTaken(dialect: Dialect, column: string): string {
  return dialect === 'mysql' ? ` ON DUPLICATE KEY UPDATE ${column} = ${column}` : ' ON CONFLICT DO NOTHING';
}

/**
 * Has a SELECT walk along this index; goes behind the table's name. Left to itself MariaDB reads all of an account's rows from the
 * end of the index where it expects a range to hold many of them, so that a page costs what all the pages before it cost.
 */
export function alongIndex(dialect: Dialect, index: string): string {
  return dialect === 'mysql' ? ` FORCE INDEX (${index})` : ` INDEXED BY ${index}`;
}

/** Passes over rows that another transaction has locked, after `forUpdate`. */
export function skipLocked(dialect: Dialect): string {
  return dialect === 'mysql' ? ' SKIP LOCKED' : '';
}
