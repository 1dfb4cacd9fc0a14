import { resolve } from 'node:path';
import type { DatabaseConfig } from './config';
import { faulty, parsed, type Parsed } from './parsed';

/** SQLite's name for a database that lives and dies with the process. */
export const IN_MEMORY = ':memory:';

const NAME = 'DATABASE_URL';
const FORMS = `${NAME} must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE`;
const DEFAULT_PORT = 3306;
const DEFAULT_POOL_SIZE = 10;
const MAX_POOL_SIZE = 1_000;

/**
 * Reads `sqlite:PATH` (relative paths start at `cwd`; `sqlite::memory:` keeps nothing) or
 * `mysql://user:password@host:port/database?tls=on&pool_size=20`, percent-decoded; `mariadb://` is the same.
 */
export function parseDatabaseUrl(text: string, cwd: string): Parsed<DatabaseConfig> {
  if (text.startsWith('sqlite:')) return parseSqlite(text.slice('sqlite:'.length), cwd);
  return /^(mysql|mariadb):\/\//.test(text) ? parseMysql(text) : faulty(FORMS);
}

function parseSqlite(path: string, cwd: string): Parsed<DatabaseConfig> {
  if (path === IN_MEMORY) return parsed({ kind: 'sqlite', path });
  if (path.trim() === '' || path.endsWith('/')) return faulty(`${NAME} must name a file after sqlite:`);
  if (path.includes('?')) return faulty(`${NAME} takes no options after sqlite:PATH`);
  // sqlite://data/x.db would silently become /data/x.db; three slashes are the usual way to write an absolute path.
  if (/^\/\/[^/]/.test(path)) return faulty(`${NAME} must be written sqlite:PATH, without // before the path`);
  return parsed({ kind: 'sqlite', path: resolve(cwd, path) });
}

function parseMysql(text: string): Parsed<DatabaseConfig> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return faulty(`${NAME} is not a valid URL (special characters in the password must be percent-encoded)`);
  }
  const faults: string[] = [];
  const username = decode(url.username, 'user', faults);
  const password = decode(url.password, 'password', faults);
  const database = decode(url.pathname.replace(/^\//, ''), 'database', faults);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');

  if (host === '') faults.push(`${NAME} names no host`);
  if (url.username === '') faults.push(`${NAME} names no user`);
  if (url.port === '0') faults.push(`${NAME} has port 0`);
  if (url.pathname.replace('/', '') === '') faults.push(`${NAME} names no database`);
  else if (url.pathname.indexOf('/', 1) !== -1) faults.push(`${NAME} must have one name after the host, the database`);
  if (url.hash !== '') faults.push(`${NAME} has a fragment; write # as %23`);
  const options = parseOptions(url.searchParams, faults);

  if (faults.length > 0) return faulty(...faults);
  return parsed({
    kind: 'mysql',
    host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    username,
    password,
    database,
    ...options,
  });
}

function decode(text: string, part: string, faults: string[]): string {
  try {
    return decodeURIComponent(text);
  } catch {
    faults.push(`${NAME} has a ${part} that is not percent-encoded correctly`);
    return '';
  }
}

function parseOptions(options: URLSearchParams, faults: string[]): { tls: boolean; poolSize: number } {
  for (const name of new Set(options.keys())) {
    if (name !== 'tls' && name !== 'pool_size') faults.push(`${NAME} has an unknown option: ${name.slice(0, 40)}`);
    else if (options.getAll(name).length > 1) faults.push(`${NAME} has the option ${name} more than once`);
  }
  const tls = options.get('tls') ?? 'off';
  if (tls !== 'on' && tls !== 'off') faults.push(`${NAME} option tls must be on or off`);
  const poolSize = options.get('pool_size') ?? String(DEFAULT_POOL_SIZE);
  if (!/^[1-9]\d{0,3}$/.test(poolSize) || Number(poolSize) > MAX_POOL_SIZE) {
    faults.push(`${NAME} option pool_size must be a whole number from 1 to ${MAX_POOL_SIZE}`);
  }
  return { tls: tls === 'on', poolSize: Number(poolSize) };
}
