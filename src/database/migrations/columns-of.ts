import type { QueryRunner } from 'typeorm';
import { Columns } from '../columns';

/** The column kinds of the dialect that a migration runs on. */
export function columnsOf(runner: QueryRunner): Columns {
  return new Columns(runner.dataSource.options.type === 'better-sqlite3' ? 'sqlite' : 'mysql');
}
