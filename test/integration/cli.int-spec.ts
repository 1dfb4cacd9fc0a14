import { MIGRATIONS } from '../../src/database/migrations/all';
import { expectFault, expectJson, runCli, runCliWith } from '../support/cli-process';
import { tableNames, withRows } from '../support/database-dump';
import { expectError, expectSuccess } from '../support/envelope';
import { eventually } from '../support/eventually';
import { startTestApp, type TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase, testDialect } from '../support/test-database';
import { freePort, startProcess } from '../support/test-process';

jest.setTimeout(60_000);

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const TOKEN_ID = /^tok_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const ACCOUNT_ID = /^acct_[0-7][0-9a-hjkmnp-tv-z]{25}$/;

describe('The command line', () => {
  let database: TestDatabase;
  let app: TestApp;

  const cli = (...args: string[]) => runCli(database, ...args);
  const create = async (...args: string[]) => {
    const created = expectJson(await cli('token', 'create', ...args, '--json'));
    return created as { token: string; token_id: string; account_id: string };
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startTestApp({ database });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  describe('token create', () => {
    it('answers with exactly three members, and the token lets its account in', async () => {
      const created = await create('--account', 'Acme', '--scopes', '*');
      expect(created).toEqual({
        token: expect.any(String) as string,
        token_id: expect.stringMatching(TOKEN_ID) as string,
        account_id: expect.stringMatching(ACCOUNT_ID) as string,
      });
      // 256 random bits are 43 characters of base64url.
      expect(created.token).toMatch(/[A-Za-z0-9_-]{43,}$/);
      expectSuccess(await app.api(created.token).get('/api/agent'), 200);
      expectSuccess(await app.api().get('/api/agent').set('api_access_token', created.token), 200);
    });

    it('gives tokens of one name one account, and other names others, byte by byte', async () => {
      const [made, again, lower, accented] = await Promise.all([
        create('--account', 'Beta', '--scopes', 'agents:read'),
        create('--account', ' Beta ', '--scopes', '*'),
        app.createToken({ account: 'beta' }),
        app.createToken({ account: 'Bèta' }),
      ]);
      expect(again.account_id).toBe(made.account_id);
      expect(again.token).not.toBe(made.token);
      expect(new Set([made.account_id, lower.accountId, accented.accountId]).size).toBe(3);
    });

    it('grants what was asked for and no more, until it expires', async () => {
      const { token } = await create('--account', 'Scoped', '--scopes', 'agents:read,numbers:read', '--expires', '90d');
      const api = app.api(token);
      expectSuccess(await api.get('/api/agent'), 200);
      expectSuccess(await api.get('/api/phone-number'), 200);
      expectError(await api.get('/api/provider'), 403, 'FORBIDDEN');
      expectError(await api.post('/api/agent').send({ agent_name: 'A' }), 403, 'FORBIDDEN');
    });

    it('shows the token to a person too, and keeps it nowhere', async () => {
      const { code, stdout, stderr } = await cli('token', 'create', '--account', 'People', '--scopes', '*');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const token = stdout.split(/\s+/).find((word) => /[A-Za-z0-9_-]{43}/.test(word)) ?? '';
      expectSuccess(await app.api(token).get('/api/agent'), 200);
      const rows = await withRows(database, (manager) => manager.query<unknown>('SELECT * FROM api_token'));
      expect(JSON.stringify(rows)).not.toContain(token);
    });

    it('says in one line what is wrong', async () => {
      const faults: [string[], RegExp][] = [
        [['--account', 'A', '--scopes', 'agents:read,agents:fly'], /agents:fly/],
        [['--scopes', '*'], /--account/],
        [['--account', 'A', '--scopes', '*', '--expires', '2020-01-01'], /--expires.*future/],
      ];
      const ends = await Promise.all(faults.map(([args]) => cli('token', 'create', ...args, '--json')));
      faults.forEach(([, line], index) => expectFault(ends[index], line));
    });
  });

  describe('token list', () => {
    it('shows every token of the account, and none of its secrets', async () => {
      const { token, tokenId, accountId } = await app.createToken({ account: 'Listed', scopes: ['agents:read'] });
      const later = await create('--account', 'Listed', '--scopes', '*', '--expires', '2099-01-31T12:00:00Z');
      const end = await cli('token', 'list', '--account', 'Listed', '--json');
      expect(expectJson(end)).toEqual({
        tokens: [
          {
            token_id: tokenId,
            account_id: accountId,
            account: 'Listed',
            scopes: ['agents:read'],
            created_at: expect.stringMatching(ISO_TIME) as string,
            expires_at: null,
            revoked_at: null,
          },
          {
            token_id: later.token_id,
            account_id: accountId,
            account: 'Listed',
            scopes: ['*'],
            created_at: expect.stringMatching(ISO_TIME) as string,
            expires_at: '2099-01-31T12:00:00.000Z',
            revoked_at: null,
          },
        ],
      });
      for (const secret of [token, later.token]) expect(end.stdout).not.toContain(secret);
      const all = expectJson(await cli('token', 'list', '--json')).tokens as { token_id: string }[];
      expect(all.map((each) => each.token_id)).toEqual(expect.arrayContaining([tokenId, later.token_id]));
    });
  });

  describe('token revoke', () => {
    it('is noticed by a running process within five seconds', async () => {
      const { token, tokenId: token_id } = await app.createToken({ account: 'Revoked' });
      const api = app.api(token);
      expectSuccess(await api.get('/api/agent'), 200);
      const revoked = expectJson(await cli('token', 'revoke', token_id, '--json'));
      expect(revoked).toEqual({ token_id, revoked_at: expect.stringMatching(ISO_TIME) as string });
      const response = await eventually(
        () => api.get('/api/agent'),
        ({ status }) => status !== 200,
        5_000,
      );
      expect(expectError(response, 401, 'UNAUTHENTICATED', 'Invalid Auth Key or Session Expired')).toEqual([]);
      expect(expectJson(await cli('token', 'revoke', token_id, '--json'))).toEqual(revoked);
    });

    it('says in one line that there is no such token', async () => {
      expectFault(await cli('token', 'revoke', 'tok_01kawgyqr4e3v9m2t5x8b7c6dn'), /tok_01kawgyqr4e3v9m2t5x8b7c6dn/);
    });
  });

  describe('on an empty database', () => {
    let empty: TestDatabase;

    beforeEach(async () => {
      empty = await createTestDatabase();
    });
    afterEach(() => empty.drop());

    it('migrates, names what it applied, and has nothing to do the second time', async () => {
      const names = MIGRATIONS.map(({ name }) => name);
      expect(expectJson(await runCli(empty, 'migrate', '--json'))).toEqual({ applied: names });
      expect(expectJson(await runCli(empty, 'migrate', '--json'))).toEqual({ applied: [] });
      const tables = ['account', 'agent', 'api_token', 'migration', 'phone_number', 'provider_account'];
      expect(await withRows(empty, tableNames)).toEqual(expect.arrayContaining(tables));
      const created = expectJson(await runCli(empty, 'token', 'create', '--account', 'A', '--scopes', '*', '--json'));
      expect(Object.keys(created)).toEqual(['token', 'token_id', 'account_id']);
    });

    it(
      testDialect() === 'mysql'
        ? 'says in one line to migrate first'
        : 'makes a token at once, since SQLite migrates by itself',
      async () => {
        const end = await runCli(empty, 'token', 'create', '--account', 'A', '--scopes', '*', '--json');
        if (testDialect() === 'mysql') expectFault(end, /migrate/);
        else expect(Object.keys(expectJson(end))).toEqual(['token', 'token_id', 'account_id']);
      },
    );
  });

  it('says in one line that the database cannot be reached', async () => {
    const port = await freePort();
    const env = { DATABASE_URL: `mysql://root:secret-word@127.0.0.1:${port}/patchbay` };
    const end = await runCliWith(env, 'token', 'list');
    expectFault(end, /database.*reached|ECONNREFUSED/i);
    expect(end.stderr).not.toContain('secret-word');
  });

  it('names every fault of the configuration, a line each', async () => {
    const env = { DATABASE_URL: 'postgres://localhost/x', LOG_LEVEL: 'loud' };
    const { code, stdout, stderr } = await runCliWith(env, 'token', 'list');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/DATABASE_URL/);
    expect(stderr).toMatch(/LOG_LEVEL/);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });
});

describe('The service with a configuration at fault', () => {
  const start = async (env: Record<string, string>) => {
    const started = await startProcess({ env: { PORT: '0', ...env }, waitUntilReady: false });
    const end = await started.ended;
    return { ...end, stdout: started.stdout, stderr: started.stderr };
  };

  it('names every fault at once, and ends with code 1 and no stack', async () => {
    const faulty = {
      PORT: '70000',
      HOST: 'not a host',
      DATABASE_URL: 'ftp://user:secret-word@example.com/db',
      PUBLIC_URL: 'example.com',
      SECRETS_KEY: 'c2hvcnQtc2VjcmV0LXdvcmQ=',
      MEDIA_URL: 'https://media.example.com',
      ROLE: 'king',
      DEMO: 'maybe',
      MIGRATE: 'yes',
      ROUTE_INLINE_MS: '-5',
      ALLOW_PRIVATE_URLS: '1',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
      PROVIDER_TWILIO_URL: 'twilio',
    };
    const { code, stdout, stderr } = await start(faulty);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const name of Object.keys(faulty)) expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/\s+at .*:\d+/);
    for (const secret of ['secret-word', faulty.SECRETS_KEY]) expect(stderr).not.toContain(secret);
  });

  it('asks production for its public URL and its key, at once', async () => {
    const { code, stderr } = await start({ NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/PUBLIC_URL/);
    expect(stderr).toMatch(/SECRETS_KEY/);
  });

  it('says in a line that the database does not answer, without its password', async () => {
    const url = `mysql://root:secret-word@127.0.0.1:${await freePort()}/patchbay`;
    const { code, stderr } = await start({ DATABASE_URL: url, SECRETS_KEY: Buffer.alloc(32).toString('base64') });
    expect(code).toBe(1);
    expect(stderr).toMatch(/ECONNREFUSED/);
    expect(stderr).not.toContain('secret-word');
    expect(stderr).not.toMatch(/\s+at .*:\d+/);
  });

  it('says in a line that the database has not been migrated', async () => {
    const database = await createTestDatabase();
    try {
      const { code, stderr } = await start({ DATABASE_URL: database.url, MIGRATE: 'off' });
      expect(code).toBe(1);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('npm run migrate')]);
    } finally {
      await database.drop();
    }
  });
});
