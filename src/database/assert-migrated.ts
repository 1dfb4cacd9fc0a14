import type { Database } from './database';
import { isMissingTable } from './db-errors';
import { MIGRATIONS } from './migrations/all';
import { selectRows } from './sql';

/** The schema is older than the program. Has a code, as what the person who starts the program can put right. */
export class NotMigratedError extends Error {
  readonly code = 'NOT_MIGRATED';

  constructor() {
    super('the database has not been migrated: run `npm run migrate` first, or set MIGRATE=on');
    this.name = 'NotMigratedError';
  }
}

/** @throws NotMigratedError when a migration has not been run; one that this program does not know is no fault */
export async function assertMigrated(database: Database): Promise<void> {
  const done = new Set(await migrationsDone(database));
  if (MIGRATIONS.some(({ name }) => !done.has(name))) throw new NotMigratedError();
}

async function migrationsDone(database: Database): Promise<string[]> {
  try {
    const rows = await database.read((manager) =>
      selectRows<{ name: string }>(manager, 'SELECT name FROM migration', []),
    );
    return rows.map(({ name }) => name);
  } catch (error) {
    if (isMissingTable(error)) return [];
    throw error;
  }
}
