import { QueryFailedError } from 'typeorm';
import { databaseErrorKind, isDuplicateKey, isForeignKeyViolation, isUnavailable } from './db-errors';

function coded(code: string, more: object = {}): Error {
  return Object.assign(new Error(code), { code, ...more });
}

describe('databaseErrorKind', () => {
  it.each([
    ['ER_DUP_ENTRY', 'duplicate_key'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'duplicate_key'],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'duplicate_key'],
    ['ER_NO_REFERENCED_ROW_2', 'foreign_key'],
    ['ER_ROW_IS_REFERENCED_2', 'foreign_key'],
    ['SQLITE_CONSTRAINT_FOREIGNKEY', 'foreign_key'],
    ['ER_LOCK_DEADLOCK', 'conflict'],
    ['ER_LOCK_WAIT_TIMEOUT', 'conflict'],
    ['SQLITE_BUSY', 'conflict'],
    ['SQLITE_BUSY_SNAPSHOT', 'conflict'],
    ['ECONNREFUSED', 'unavailable'],
    ['PROTOCOL_CONNECTION_LOST', 'unavailable'],
    ['PROTOCOL_SEQUENCE_TIMEOUT', 'unavailable'],
    ['ER_SERVER_SHUTDOWN', 'unavailable'],
    ['ER_PARSE_ERROR', 'other'],
    ['toString', 'other'],
    ['__proto__', 'other'],
  ])('takes %s for %s', (code, kind) => {
    expect(databaseErrorKind(coded(code))).toBe(kind);
  });

  // mysql2 has no name for it, so `code` is undefined: https://mariadb.com/kb/en/mariadb-error-codes/
  it("knows MariaDB's killed connection by its number", () => {
    const killed = Object.assign(new Error('Connection was killed'), { code: undefined, errno: 1927 });
    expect(databaseErrorKind(killed)).toBe('unavailable');
    expect(databaseErrorKind(Object.assign(new Error('x'), { errno: 'toString' }))).toBe('other');
  });

  // mysql2's lib/base/connection.js: "Can't add new command when connection is in closed state" has no code.
  it('takes an error without a code that ends the connection for an unreachable server', () => {
    expect(databaseErrorKind(Object.assign(new Error('closed state'), { fatal: true }))).toBe('unavailable');
    expect(databaseErrorKind(Object.assign(new Error('other'), { fatal: false }))).toBe('other');
    expect(databaseErrorKind(Object.assign(new Error('lock'), { fatal: true, code: 'ER_LOCK_DEADLOCK' }))).toBe(
      'conflict',
    );
  });

  it("looks behind TypeORM's error and along causes", () => {
    const failed = new QueryFailedError('UPDATE x', [], coded('ER_LOCK_DEADLOCK'));
    expect(databaseErrorKind(failed)).toBe('conflict');
    expect(databaseErrorKind(Object.assign(new Error('x'), { driverError: coded('EPIPE') }))).toBe('unavailable');
    expect(databaseErrorKind(new Error('x', { cause: failed }))).toBe('conflict');
    expect(databaseErrorKind(coded('ENOENT', { cause: coded('SQLITE_BUSY') }))).toBe('conflict');
  });

  it('ends on errors that are their own cause', () => {
    const circular = new Error('x');
    circular.cause = circular;
    expect(databaseErrorKind(circular)).toBe('other');
  });

  it.each([
    undefined,
    null,
    'SQLITE_BUSY',
    { code: ['SQLITE_BUSY'] },
    new Error('x'),
    Object.assign(new Error(), { code: 5 }),
  ])('takes what is no coded error for none of them', (error) => {
    expect(databaseErrorKind(error)).toBe('other');
  });

  it('answers for each kind that callers ask for', () => {
    expect(isDuplicateKey(coded('ER_DUP_ENTRY'))).toBe(true);
    expect(isDuplicateKey(coded('ER_LOCK_DEADLOCK'))).toBe(false);
    expect(isForeignKeyViolation(coded('SQLITE_CONSTRAINT_FOREIGNKEY'))).toBe(true);
    expect(isForeignKeyViolation(coded('ER_DUP_ENTRY'))).toBe(false);
    expect(isUnavailable(coded('ECONNRESET'))).toBe(true);
    expect(isUnavailable(coded('ER_DUP_ENTRY'))).toBe(false);
  });
});
