/**
 * What went wrong in the database, in words that hold for both dialects:
 * - `duplicate_key`, `foreign_key`: a constraint refused the statement
 * - `conflict`: deadlock, lock wait or failed certification; the whole transaction may be run again
 * - `unavailable`: the server cannot be reached, is not ready, or did not answer in time
 */
export type DatabaseErrorKind = 'duplicate_key' | 'foreign_key' | 'conflict' | 'unavailable' | 'other';

/** Sources: https://mariadb.com/kb/en/mariadb-error-codes/ and https://www.sqlite.org/rescode.html */
const KIND_BY_CODE: Readonly<Record<string, DatabaseErrorKind>> = {
  ER_DUP_ENTRY: 'duplicate_key',
  SQLITE_CONSTRAINT_UNIQUE: 'duplicate_key',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'duplicate_key',

  ER_NO_REFERENCED_ROW: 'foreign_key',
  ER_NO_REFERENCED_ROW_2: 'foreign_key',
  ER_ROW_IS_REFERENCED: 'foreign_key',
  ER_ROW_IS_REFERENCED_2: 'foreign_key',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'foreign_key',

  ER_LOCK_DEADLOCK: 'conflict',
  ER_LOCK_WAIT_TIMEOUT: 'conflict',
  SQLITE_BUSY: 'conflict',
  SQLITE_BUSY_SNAPSHOT: 'conflict',

  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  EPIPE: 'unavailable',
  ETIMEDOUT: 'unavailable',
  EHOSTUNREACH: 'unavailable',
  ENOTFOUND: 'unavailable',
  PROTOCOL_CONNECTION_LOST: 'unavailable',
  PROTOCOL_SEQUENCE_TIMEOUT: 'unavailable',
  PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR: 'unavailable',
  POOL_CLOSED: 'unavailable',
  ER_CON_COUNT_ERROR: 'unavailable',
  ER_SERVER_SHUTDOWN: 'unavailable',
  ER_UNKNOWN_COM_ERROR: 'unavailable',
  ER_OPTION_PREVENTS_STATEMENT: 'unavailable',
  ER_QUERY_INTERRUPTED: 'unavailable',
};

/** Errors of MariaDB that mysql2 has no name for: connection killed. */
const KIND_BY_NUMBER: ReadonlyMap<unknown, DatabaseErrorKind> = new Map([[1927, 'unavailable']]);
const MAX_DEPTH = 4;

interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  /** mysql2 sets it where the connection is of no use any more, often without a code. */
  readonly fatal?: unknown;
  readonly driverError?: unknown;
  readonly cause?: unknown;
}

export function databaseErrorKind(error: unknown): DatabaseErrorKind {
  let current = error;
  // No `instanceof Error`: drivers and Node make errors of other realms and of classes of their own.
  for (let depth = 0; typeof current === 'object' && current !== null && depth < MAX_DEPTH; depth++) {
    const { code, errno, fatal, driverError, cause }: DriverError = current;
    const named = typeof code === 'string' && Object.hasOwn(KIND_BY_CODE, code) ? KIND_BY_CODE[code] : undefined;
    const kind = named ?? KIND_BY_NUMBER.get(errno) ?? (fatal === true ? 'unavailable' : undefined);
    if (kind) return kind;
    current = driverError ?? cause;
  }
  return 'other';
}

export function isDuplicateKey(error: unknown): boolean {
  return databaseErrorKind(error) === 'duplicate_key';
}

export function isForeignKeyViolation(error: unknown): boolean {
  return databaseErrorKind(error) === 'foreign_key';
}

export function isUnavailable(error: unknown): boolean {
  return databaseErrorKind(error) === 'unavailable';
}

/** A table that is not there: MariaDB and MySQL have a code for it (https://mariadb.com/kb/en/e1146/), SQLite only words. */
export function isMissingTable(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return code === 'ER_NO_SUCH_TABLE' || (typeof message === 'string' && message.includes('no such table: '));
}
