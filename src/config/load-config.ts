import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { parseBaseUrl } from './base-url';
import type { Config, DatabaseConfig } from './config';
import { ConfigError } from './config-error';
import { IN_MEMORY, parseDatabaseUrl } from './database-url';
import { type Env, readEnv } from './env';
import { type Environment, withoutBlanks } from './environment';
import { keptSecretsKey } from './kept-secrets-key';
import { parseMediaUrl } from './media-url';
import { collect, faulty, parsed, type Parsed } from './parsed';
import { parseProviderUrls } from './provider-urls';
import { parseFormerSecretsKeys, parseSecretsKey, SECRETS_KEY_BYTES } from './secrets-key';

export interface LoadOptions {
  /**
   * False for a process that only works on the database: it is not asked for what only the service needs (the public
   * URL and the secrets key in production), and no key is made for it.
   */
  readonly serves?: boolean;
  /** Whether a person reads the standard output; decides the default of `LOG_FORMAT`. */
  readonly tty?: boolean;
}

const DEFAULT_DATABASE_URL = 'sqlite:./data/patchbay.db';
const DEFAULT_PORT = '3000';
const DEFAULT_ROUTE_INLINE_MS = '2000';
const DEFAULT_DRIFT_INTERVAL_S = '3600';
const DEFAULT_SYNC_INTERVAL_S = '21600';
const DEFAULT_CALL_CHECK_S = '600';
const DEFAULT_WEBHOOK_TIMEOUT_MS = '10000';
const DEFAULT_WEBHOOK_RETRY_BASE_MS = '5000';

/**
 * The configuration that an environment describes. It reads nothing but its arguments, with one exception: outside
 * production and without `SECRETS_KEY`, the key file beside the database is read, or made.
 * @param cwd where relative paths start
 * @throws ConfigError with every fault
 */
export function loadConfig(environment: Environment, cwd: string, options: LoadOptions = {}): Config {
  const { serves = true, tty = false } = options;
  const set = withoutBlanks(environment);
  const { env, faults } = readEnv(set);
  const production = env.NODE_ENV === 'production';
  const port = env.PORT ?? DEFAULT_PORT;

  const database = collect(parseDatabaseUrl(env.DATABASE_URL ?? DEFAULT_DATABASE_URL, cwd), faults);
  const publicUrl = collect(readPublicUrl(env, port, production && serves), faults);
  const key = collect(readSecretsKey(env, production && serves), faults);
  const formerKeys = collect(env.SECRETS_KEYS_OLD ? parseFormerSecretsKeys(env.SECRETS_KEYS_OLD) : parsed([]), faults);
  const mediaUrl = collect(env.MEDIA_URL ? parseMediaUrl(env.MEDIA_URL) : parsed(null), faults);
  const providerUrls = collect(parseProviderUrls(set), faults);

  // Only when nothing else is wrong: a start that fails leaves no file behind.
  const keptKey =
    database && !key && serves && !production && faults.length === 0
      ? collect(readKeptKey(database, cwd), faults)
      : undefined;

  if (faults.length > 0 || !database || publicUrl === undefined || mediaUrl === undefined || !providerUrls) {
    throw new ConfigError(faults);
  }
  const demo = env.DEMO ? env.DEMO === 'on' : !production && env.DATABASE_URL === undefined;
  return {
    production,
    role: env.ROLE ?? 'all',
    http: { port: Number(port), host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'), publicUrl },
    database,
    migrate: env.MIGRATE ? env.MIGRATE === 'on' : database.kind === 'sqlite',
    secretsKeys: [key ?? keptKey, ...(formerKeys ?? [])].filter((each) => each !== null && each !== undefined),
    mediaUrl,
    demo,
    providerUrls,
    routing: {
      inlineMs: Number(env.ROUTE_INLINE_MS ?? DEFAULT_ROUTE_INLINE_MS),
      driftIntervalMs: 1_000 * Number(env.DRIFT_INTERVAL_S ?? DEFAULT_DRIFT_INTERVAL_S),
    },
    sync: { intervalMs: 1_000 * Number(env.SYNC_INTERVAL_S ?? DEFAULT_SYNC_INTERVAL_S) },
    calls: { checkAfterMs: 1_000 * Number(env.CALL_CHECK_S ?? DEFAULT_CALL_CHECK_S) },
    webhooks: {
      timeoutMs: Number(env.WEBHOOK_TIMEOUT_MS ?? DEFAULT_WEBHOOK_TIMEOUT_MS),
      retryBaseMs: Number(env.WEBHOOK_RETRY_BASE_MS ?? DEFAULT_WEBHOOK_RETRY_BASE_MS),
    },
    allowPrivateUrls: env.ALLOW_PRIVATE_URLS ? env.ALLOW_PRIVATE_URLS === 'on' : demo,
    log: { level: env.LOG_LEVEL ?? 'info', format: env.LOG_FORMAT ?? (tty ? 'pretty' : 'json') },
  };
}

function readPublicUrl(env: Env, port: string, httpsRequired: boolean): Parsed<string> {
  if (env.PUBLIC_URL !== undefined) {
    return parseBaseUrl('PUBLIC_URL', env.PUBLIC_URL, httpsRequired ? ['https'] : ['http', 'https']);
  }
  if (httpsRequired) return faulty('PUBLIC_URL is required in production: the https:// address that providers reach');
  return parsed(`http://localhost:${port}`);
}

function readSecretsKey(env: Env, required: boolean): Parsed<Buffer | null> {
  if (env.SECRETS_KEY !== undefined) return parseSecretsKey(env.SECRETS_KEY);
  if (required) return faulty(`SECRETS_KEY is required in production: ${SECRETS_KEY_BYTES} random bytes in base64`);
  return parsed(null);
}

function readKeptKey(database: DatabaseConfig, cwd: string): Parsed<Buffer> {
  if (database.kind === 'mysql') return keptSecretsKey(join(cwd, 'data', 'secrets.key'));
  if (database.path === IN_MEMORY) return parsed(randomBytes(SECRETS_KEY_BYTES));
  return keptSecretsKey(join(dirname(database.path), 'secrets.key'));
}
