import { parseDatabaseUrl } from './database-url';

const CWD = '/srv/patchbay';
const MALFORMED = 'DATABASE_URL is not a valid URL (special characters in the password must be percent-encoded)';

function faultsOf(text: string): readonly string[] {
  const result = parseDatabaseUrl(text, CWD);
  return result.ok ? [] : result.faults;
}

describe('sqlite', () => {
  it.each([
    ['sqlite:./data/patchbay.db', '/srv/patchbay/data/patchbay.db'],
    ['sqlite:x.db', '/srv/patchbay/x.db'],
    ['sqlite:/var/lib/patchbay.db', '/var/lib/patchbay.db'],
    ['sqlite:///var/lib/patchbay.db', '/var/lib/patchbay.db'],
    ['sqlite:a b%20c.db', '/srv/patchbay/a b%20c.db'],
    ['sqlite::memory:', ':memory:'],
  ])('%s is the file %s', (text, path) => {
    expect(parseDatabaseUrl(text, CWD)).toEqual({ ok: true, value: { kind: 'sqlite', path } });
  });

  it.each([
    ['sqlite:', 'DATABASE_URL must name a file after sqlite:'],
    ['sqlite:data/', 'DATABASE_URL must name a file after sqlite:'],
    ['sqlite:x.db?mode=ro', 'DATABASE_URL takes no options after sqlite:PATH'],
    ['sqlite://data/x.db', 'DATABASE_URL must be written sqlite:PATH, without // before the path'],
  ])('%s is refused', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });
});

describe('mysql', () => {
  it('decodes every part', () => {
    expect(
      parseDatabaseUrl('mysql://us%40er:p%2Fa%23s%3As%25@db.example:3307/patch%2Dbay?tls=on&pool_size=20', CWD),
    ).toEqual({
      ok: true,
      value: {
        kind: 'mysql',
        host: 'db.example',
        port: 3307,
        username: 'us@er',
        password: 'p/a#s:s%',
        database: 'patch-bay',
        tls: true,
        poolSize: 20,
      },
    });
  });

  it('has port 3306, ten connections, no password and no TLS unless told, and is the same as mariadb', () => {
    expect(parseDatabaseUrl('mariadb://root@[::1]/patchbay', CWD)).toEqual({
      ok: true,
      value: {
        kind: 'mysql',
        host: '::1',
        port: 3306,
        username: 'root',
        password: '',
        database: 'patchbay',
        tls: false,
        poolSize: 10,
      },
    });
  });

  it.each([
    ['mysql:host/db', 'DATABASE_URL must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE'],
    ['mysql://u:p@host:99999/db', MALFORMED],
    ['mysql://u:p/x@host/db', MALFORMED],
    ['mysql://u@host:0/db', 'DATABASE_URL has port 0'],
    ['mysql://host/db', 'DATABASE_URL names no user'],
    ['mysql:///db', 'DATABASE_URL names no host', 'DATABASE_URL names no user'],
    ['mysql://u@host', 'DATABASE_URL names no database'],
    ['mysql://u@host/', 'DATABASE_URL names no database'],
    ['mysql://u@host/a/b', 'DATABASE_URL must have one name after the host, the database'],
    ['mysql://u@host/db#x', 'DATABASE_URL has a fragment; write # as %23'],
    ['mysql://u:100%@host/db', 'DATABASE_URL has a password that is not percent-encoded correctly'],
    ['mysql://u%@host/db', 'DATABASE_URL has a user that is not percent-encoded correctly'],
    ['mysql://u@host/db%', 'DATABASE_URL has a database that is not percent-encoded correctly'],
    ['mysql://u@host/db?tls=true', 'DATABASE_URL option tls must be on or off'],
    ['mysql://u@host/db?pool_size=0', 'DATABASE_URL option pool_size must be a whole number from 1 to 1000'],
    ['mysql://u@host/db?pool_size=1001', 'DATABASE_URL option pool_size must be a whole number from 1 to 1000'],
    ['mysql://u@host/db?pool_size=many', 'DATABASE_URL option pool_size must be a whole number from 1 to 1000'],
    ['mysql://u@host/db?tls=on&tls=off', 'DATABASE_URL has the option tls more than once'],
    [
      'mysql://u@host/db?ssl=on&connectionLimit=5',
      'DATABASE_URL has an unknown option: ssl',
      'DATABASE_URL has an unknown option: connectionLimit',
    ],
  ])('%s is refused', (text, ...faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });
});
