import type { Config } from '../../src/config/config';

/** Seals the credentials of every test; 32 bytes. */
export const TEST_SECRETS_KEY = Buffer.alloc(32, 'patchbay-test-key');

type Section = 'http' | 'routing' | 'sync' | 'calls' | 'webhooks' | 'log';
/** What a test wants otherwise; members of a section that it does not name keep their value. */
export type ConfigOverrides = Partial<Omit<Config, Section>> & { [S in Section]?: Partial<Config[S]> };

/** A whole configuration without an environment: silent, on a free port, without periodic work, in memory unless a database is given. */
export function testConfig(overrides: ConfigOverrides = {}): Config {
  return {
    production: false,
    role: 'all',
    database: { kind: 'sqlite', path: ':memory:' },
    migrate: true,
    secretsKeys: [TEST_SECRETS_KEY],
    mediaUrl: null,
    demo: false,
    providerUrls: {},
    allowPrivateUrls: true,
    ...overrides,
    http: { port: 0, host: '127.0.0.1', publicUrl: 'http://localhost', ...overrides.http },
    routing: { inlineMs: 2_000, driftIntervalMs: 0, ...overrides.routing },
    sync: { intervalMs: 0, ...overrides.sync },
    calls: { checkAfterMs: 600_000, ...overrides.calls },
    webhooks: { timeoutMs: 10_000, retryBaseMs: 5_000, ...overrides.webhooks },
    log: { level: 'silent', format: 'json', ...overrides.log },
  };
}
