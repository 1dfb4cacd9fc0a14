import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error';
import { loadConfig } from './load-config';

// 32 bytes of 0x00 and of 0xff: 43 characters of base64 and one of padding.
const KEY = `${'A'.repeat(43)}=`;
const OTHER_KEY = `${'/'.repeat(42)}8=`;

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'mysql://patchbay:secret@db.example:3306/patchbay',
  PUBLIC_URL: 'https://calls.example',
  SECRETS_KEY: KEY,
};

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'patchbay-config-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(environment, cwd);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('without any variable', () => {
  it('is a demo on a SQLite file with a key beside it', () => {
    const config = loadConfig({}, cwd);

    expect(config).toEqual({
      production: false,
      role: 'all',
      http: { port: 3000, host: '127.0.0.1', publicUrl: 'http://localhost:3000' },
      database: { kind: 'sqlite', path: join(cwd, 'data', 'patchbay.db') },
      migrate: true,
      secretsKeys: [expect.any(Buffer)],
      mediaUrl: null,
      demo: true,
      providerUrls: {},
      routing: { inlineMs: 2000, driftIntervalMs: 3_600_000 },
      sync: { intervalMs: 21_600_000 },
      calls: { checkAfterMs: 600_000 },
      webhooks: { timeoutMs: 10_000, retryBaseMs: 5_000 },
      allowPrivateUrls: true,
      log: { level: 'info', format: 'json' },
    });
    expect(config.secretsKeys[0]).toHaveLength(32);
    expect(existsSync(join(cwd, 'data', 'secrets.key'))).toBe(true);
  });

  it('reads the same key the next time', () => {
    expect(loadConfig({}, cwd).secretsKeys).toEqual(loadConfig({}, cwd).secretsKeys);
  });

  it('logs for people on a terminal', () => {
    expect(loadConfig({}, cwd, { tty: true }).log.format).toBe('pretty');
  });
});

describe('defaults that follow other variables', () => {
  it('listens everywhere in production, without demo, migrations and private addresses', () => {
    const config = loadConfig(PRODUCTION, cwd);

    expect(config).toMatchObject({
      production: true,
      http: { host: '0.0.0.0', publicUrl: 'https://calls.example' },
      demo: false,
      migrate: false,
      allowPrivateUrls: false,
    });
    expect(config.secretsKeys).toEqual([Buffer.alloc(32, 0)]);
  });

  it('is no demo once a database is named', () => {
    expect(loadConfig({ DATABASE_URL: 'sqlite:x.db' }, cwd)).toMatchObject({ demo: false, allowPrivateUrls: false });
  });

  it('takes a blank variable for an unset one', () => {
    expect(loadConfig({ DATABASE_URL: '', PORT: ' ', PUBLIC_URL: '' }, cwd)).toMatchObject({
      demo: true,
      http: { port: 3000, publicUrl: 'http://localhost:3000' },
    });
  });

  it('names the port in the public URL', () => {
    expect(loadConfig({ PORT: '8080' }, cwd).http.publicUrl).toBe('http://localhost:8080');
  });

  it('keeps the key beside the SQLite file, or in data for MySQL', () => {
    loadConfig({ DATABASE_URL: 'sqlite:elsewhere/x.db' }, cwd);
    expect(existsSync(join(cwd, 'elsewhere', 'secrets.key'))).toBe(true);

    loadConfig({ DATABASE_URL: 'mysql://root@localhost/patchbay' }, cwd);
    expect(existsSync(join(cwd, 'data', 'secrets.key'))).toBe(true);
  });

  it('makes a passing key for a database in memory and leaves no file', () => {
    const config = loadConfig({ DATABASE_URL: 'sqlite::memory:' }, cwd);

    expect(config.secretsKeys[0]).toHaveLength(32);
    expect(existsSync(join(cwd, 'secrets.key'))).toBe(false);
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });
});

describe('what is set', () => {
  it('overrides every default', () => {
    const config = loadConfig(
      {
        NODE_ENV: 'test',
        PORT: '0',
        HOST: '::1',
        DATABASE_URL: 'mysql://patchbay@localhost/patchbay',
        PUBLIC_URL: 'https://calls.example/base/',
        SECRETS_KEY: KEY,
        SECRETS_KEYS_OLD: `${OTHER_KEY}, ${KEY}`,
        MEDIA_URL: 'wss://media.example/{agent_id}?call={call_id}',
        ROLE: 'worker',
        DEMO: 'on',
        MIGRATE: 'on',
        ROUTE_INLINE_MS: '30000',
        DRIFT_INTERVAL_S: '0',
        SYNC_INTERVAL_S: '31536000',
        WEBHOOK_TIMEOUT_MS: '100',
        WEBHOOK_RETRY_BASE_MS: '60000',
        ALLOW_PRIVATE_URLS: 'off',
        LOG_LEVEL: 'debug',
        LOG_FORMAT: 'pretty',
        PROVIDER_TWILIO_URL: 'http://127.0.0.1:4010/twilio/',
        PROVIDER_SAN_URL: 'https://san.example',
      },
      cwd,
    );

    expect(config).toMatchObject({
      production: false,
      role: 'worker',
      http: { port: 0, host: '::1', publicUrl: 'https://calls.example/base' },
      migrate: true,
      mediaUrl: 'wss://media.example/{agent_id}?call={call_id}',
      demo: true,
      providerUrls: { twilio: 'http://127.0.0.1:4010/twilio', san: 'https://san.example' },
      routing: { inlineMs: 30_000, driftIntervalMs: 0 },
      sync: { intervalMs: 31_536_000_000 },
      webhooks: { timeoutMs: 100, retryBaseMs: 60_000 },
      allowPrivateUrls: false,
      log: { level: 'debug', format: 'pretty' },
    });
    expect(config.secretsKeys).toEqual([Buffer.alloc(32, 0), Buffer.alloc(32, 0xff), Buffer.alloc(32, 0)]);
  });

  it('turns switches off', () => {
    const switches = { DEMO: 'off', MIGRATE: 'off', ALLOW_PRIVATE_URLS: 'on' };
    expect(loadConfig(switches, cwd)).toMatchObject({ demo: false, migrate: false, allowPrivateUrls: true });
  });
});

describe('a process that only works on the database', () => {
  it('is not asked for the public URL and the key, and makes none', () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: 'sqlite:data/patchbay.db' };
    expect(loadConfig(production, cwd, { serves: false })).toMatchObject({ production: true, secretsKeys: [] });

    loadConfig({}, cwd, { serves: false });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });
});

describe('faults', () => {
  it.each([
    [{ NODE_ENV: 'prod' }, 'NODE_ENV must be one of development, test, production'],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: '80.5' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535'],
    [{ HOST: 'http://0.0.0.0' }, 'HOST must be a host name or an IP address'],
    [
      { DATABASE_URL: 'postgres://localhost/x' },
      'DATABASE_URL must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE',
    ],
    [{ PUBLIC_URL: 'calls.example' }, 'PUBLIC_URL must be a URL that starts with http:// or https://'],
    [{ PUBLIC_URL: 'ftp://calls.example' }, 'PUBLIC_URL must start with http:// or https://'],
    [{ PUBLIC_URL: 'http://calls.example/?x=1' }, 'PUBLIC_URL must have no query and no fragment'],
    [{ PUBLIC_URL: 'http://calls.example/#' }, 'PUBLIC_URL must have no query and no fragment'],
    [{ PUBLIC_URL: 'http://u:p@calls.example' }, 'PUBLIC_URL must not hold a user or a password'],
    [{ SECRETS_KEY: 'c2hvcnQ=' }, 'SECRETS_KEY must be 32 bytes in base64'],
    [{ SECRETS_KEY: `${KEY}A` }, 'SECRETS_KEY must be 32 bytes in base64'],
    [{ SECRETS_KEYS_OLD: `${KEY},nonsense` }, 'SECRETS_KEYS_OLD: key 2 must be 32 bytes in base64'],
    [{ MEDIA_URL: 'https://media.example' }, 'MEDIA_URL must be a URL that starts with ws:// or wss://'],
    [{ MEDIA_URL: 'wss://' }, 'MEDIA_URL must be a URL that starts with ws:// or wss://'],
    [{ MEDIA_URL: 'wss://media.example/{agent}' }, 'MEDIA_URL may hold no placeholders but {agent_id} and {call_id}'],
    [{ MEDIA_URL: 'wss://media.example/#x' }, 'MEDIA_URL must have no fragment'],
    [{ ROLE: 'everything' }, 'ROLE must be one of api, worker, all'],
    [{ DEMO: 'true' }, 'DEMO must be one of on, off'],
    [{ MIGRATE: '1' }, 'MIGRATE must be one of on, off'],
    [{ ALLOW_PRIVATE_URLS: 'yes' }, 'ALLOW_PRIVATE_URLS must be one of on, off'],
    [{ ROUTE_INLINE_MS: '30001' }, 'ROUTE_INLINE_MS must be a whole number from 0 to 30000'],
    [{ DRIFT_INTERVAL_S: '31536001' }, 'DRIFT_INTERVAL_S must be a whole number from 0 to 31536000'],
    [{ SYNC_INTERVAL_S: '-1' }, 'SYNC_INTERVAL_S must be a whole number from 0 to 31536000'],
    [{ WEBHOOK_TIMEOUT_MS: '99' }, 'WEBHOOK_TIMEOUT_MS must be a whole number from 100 to 30000'],
    [{ WEBHOOK_RETRY_BASE_MS: '0' }, 'WEBHOOK_RETRY_BASE_MS must be a whole number from 1 to 60000'],
    [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent'],
    [{ LOG_FORMAT: 'xml' }, 'LOG_FORMAT must be one of json, pretty'],
    [{ PROVIDER_PLIVO_URL: 'plivo' }, 'PROVIDER_PLIVO_URL must be a URL that starts with http:// or https://'],
    [{ PROVIDER_TWILLIO_URL: 'https://x.example' }, 'PROVIDER_TWILLIO_URL names no provider'],
  ])('%j', (environment: Record<string, string>, fault) => {
    expect(faultsOf({ SECRETS_KEY: KEY, ...environment })).toEqual([fault]);
  });

  it.each([
    ['PUBLIC_URL', '', 'PUBLIC_URL is required in production: the https:// address that providers reach'],
    ['PUBLIC_URL', 'http://calls.example', 'PUBLIC_URL must start with https://'],
    ['SECRETS_KEY', '', 'SECRETS_KEY is required in production: 32 random bytes in base64'],
  ])('in production: %s=%s', (name, value, fault) => {
    expect(faultsOf({ ...PRODUCTION, [name]: value })).toEqual([fault]);
  });

  it('come all at once, a line each, and repeat no value', () => {
    const faults = faultsOf({
      NODE_ENV: 'production',
      PORT: 'x-port',
      DATABASE_URL: 'mysql://:hunter2@/?ssl=1',
      SECRETS_KEY: 'hunter3',
      SECRETS_KEYS_OLD: 'hunter4',
      MEDIA_URL: 'http://hunter5',
      ROLE: 'hunter6',
      PROVIDER_TWILIO_URL: 'ftp://hunter7',
    });

    expect([...faults].sort()).toEqual([
      'DATABASE_URL is not a valid URL (special characters in the password must be percent-encoded)',
      'MEDIA_URL must be a URL that starts with ws:// or wss://',
      'PORT must be a whole number from 0 to 65535',
      'PROVIDER_TWILIO_URL must start with http:// or https://',
      'PUBLIC_URL is required in production: the https:// address that providers reach',
      'ROLE must be one of api, worker, all',
      'SECRETS_KEY must be 32 bytes in base64',
      'SECRETS_KEYS_OLD: key 1 must be 32 bytes in base64',
    ]);
    expect(faults.join()).not.toMatch(/hunter/);
  });

  it('leave no key file behind', () => {
    expect(faultsOf({ PORT: 'x' })).toHaveLength(1);
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });

  it('are the message of the error, a line each', () => {
    expect(() => loadConfig({ PORT: 'x', ROLE: 'y' }, cwd)).toThrow(
      'PORT must be a whole number from 0 to 65535\nROLE must be one of api, worker, all',
    );
  });
});
