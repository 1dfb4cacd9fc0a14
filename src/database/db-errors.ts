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
  ER_CONNECTION_KILLED: 'unavailable',
};

export function databaseErrorKind(error: unknown): DatabaseErrorKind {
  for (let current = error, depth = 0; current instanceof Error && depth < 4; depth++) {
    const code = (current as { code?: unknown }).code;
    const kind = typeof code === 'string' ? KIND_BY_CODE[code] : undefined;
    if (kind) return kind;
    current = (current as { driverError?: unknown }).driverError ?? current.cause;
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
