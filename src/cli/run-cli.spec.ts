import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AuthModule } from '../auth/auth.module';
import { TokenService } from '../auth/token.service';
import type { Config } from '../config/config';
import { loadConfig } from '../config/load-config';
import { DatabaseModule } from '../database/database.module';
import { MIGRATIONS } from '../database/migrations/all';
import type { CliRuntime } from './cli-runtime';
import { runCli } from './run-cli';

const NOW = Date.UTC(2026, 10, 24, 8);

let cwd: string;
let environment: Record<string, string>;
let stdout: string;
let stderr: string;
let closed: number;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
  environment = { DATABASE_URL: 'sqlite:patchbay.db' };
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

async function openServices(config: Config) {
  const imports = [DatabaseModule.forRoot(config), AuthModule.forRoot(config)];
  const services = await Test.createTestingModule({ imports }).compile();
  const close = services.close.bind(services);
  jest.spyOn(services, 'close').mockImplementation(() => {
    closed++;
    return close();
  });
  return services;
}

async function run(...args: string[]): Promise<number> {
  stdout = '';
  stderr = '';
  closed = 0;
  const runtime: CliRuntime = {
    clock: { now: () => NOW },
    config: () => loadConfig(environment, cwd, { serves: false }),
    openServices,
    openApp: () => Promise.reject<NestExpressApplication>(new Error('no application here')),
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
  };
  return runCli(args, runtime);
}

/** The members of a JSON answer on the standard output. */
function answer(): Record<string, unknown> {
  const parsed: unknown = JSON.parse(stdout);
  if (typeof parsed !== 'object' || parsed === null) throw new Error('not an object');
  return { ...parsed };
}

async function createToken(...args: string[]): Promise<{ token: string; tokenId: string }> {
  expect(await run('token', 'create', '--json', ...args)).toBe(0);
  const { token, token_id: tokenId } = answer();
  return { token: String(token), tokenId: String(tokenId) };
}

async function authenticate(token: string) {
  const services = await openServices(loadConfig(environment, cwd, { serves: false }));
  try {
    return await services.get(TokenService).authenticate(token);
  } finally {
    await services.close();
  }
}

describe('token create', () => {
  it('answers with the token and two ids and nothing else, on a database that was not there', async () => {
    expect(await run('token', 'create', '--account', 'Acme', '--scopes', '*', '--json')).toBe(0);

    expect(stdout).toMatch(
      /^\{"token":"pb_[\w-]{43}","token_id":"tok_[0-9a-z]{26}","account_id":"acct_[0-9a-z]{26}"\}\n$/,
    );
    expect(stderr).toBe('');
    expect(closed).toBe(1);
    const { token, token_id, account_id } = answer();
    expect(await authenticate(String(token))).toEqual({ tokenId: token_id, accountId: account_id, scopes: ['*'] });
  });

  it('takes scopes by commas, blanks or several words', async () => {
    const { token } = await createToken('--account', 'Acme', '--scopes', 'agents:read,agents:write', 'calls:read');

    expect((await authenticate(token))?.scopes).toEqual(['agents:read', 'agents:write', 'calls:read']);
  });

  it('answers people in words', async () => {
    expect(await run('token', 'create', '--account', ' Acme ', '--scopes', 'calls:read', '--expires', '1d')).toBe(0);

    expect(stdout).toMatch(/^Token {5}pb_[\w-]{43}\nToken id {2}tok_\w+\nAccount {3}Acme \(acct_\w+\)\n/);
    expect(stdout).toContain('\nScopes    calls:read\nExpires   2026-11-25T08:00:00.000Z\n');
  });

  it.each([
    [['--scopes', '*'], "error: required option '--account <name>' not specified\n"],
    [['--account', 'Acme'], "error: required option '--scopes <scopes...>' not specified\n"],
    [['--account', ' ', '--scopes', '*'], 'error: --account must not be blank\n'],
    [['--account', 'Acme', '--scopes', '*', '--expires', '0d'], 'error: --expires must be in the future\n'],
    [['--account', 'Acme', '--scopes', '*', '--expire', '1d'], "error: unknown option '--expire'\n"],
  ])('refuses %j', async (args, message) => {
    expect(await run('token', 'create', ...args)).toBe(1);
    expect(stderr).toBe(message);
    expect(stdout).toBe('');
  });

  it('refuses an unknown scope', async () => {
    expect(await run('token', 'create', '--account', 'Acme', '--scopes', 'everything')).toBe(1);
    expect(stderr).toMatch(/^error: --scopes has unknown scopes: everything; known are [^\n]*\n$/);
  });
});

describe('token list', () => {
  it('lists what there is, and never a token', async () => {
    const first = await createToken('--account', 'Acme', '--scopes', '*', '--expires', '2027-01-31');
    const second = await createToken('--account', 'Other', '--scopes', 'calls:read');

    expect(await run('token', 'list', '--json')).toBe(0);
    expect(answer()).toMatchObject({
      tokens: [
        {
          token_id: first.tokenId,
          account: 'Acme',
          scopes: ['*'],
          expires_at: '2027-01-31T00:00:00.000Z',
          revoked_at: null,
        },
        { token_id: second.tokenId, account: 'Other', scopes: ['calls:read'], expires_at: null, revoked_at: null },
      ],
    });
    expect(stdout).not.toContain(first.token.slice(3));

    await run('token', 'list', '--account', 'Other', '--json');
    expect(answer()).toMatchObject({ tokens: [{ token_id: second.tokenId }] });
  });

  it('lists for people', async () => {
    expect(await run('token', 'list')).toBe(0);
    expect(stdout).toBe('No tokens.\n');

    const { tokenId } = await createToken('--account', 'Acme', '--scopes', 'calls:read', 'events:read');
    await createToken('--account', 'A', '--scopes', '*', '--expires', '1d');
    await run('token', 'revoke', tokenId);
    await run('token', 'list');

    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['ID', 'ACCOUNT', 'SCOPES', 'CREATED', 'EXPIRES', 'STATE'],
      [tokenId, 'Acme', 'calls:read events:read', expect.stringMatching(/Z$/), 'never', 'revoked'],
      [expect.stringMatching(/^tok_/), 'A', '*', expect.stringMatching(/Z$/), '2026-11-25T08:00:00.000Z', 'valid'],
      [''],
    ]);
  });
});

describe('token revoke', () => {
  it('ends a token', async () => {
    const { token, tokenId } = await createToken('--account', 'Acme', '--scopes', '*');

    expect(await run('token', 'revoke', tokenId, '--json')).toBe(0);
    expect(answer()).toEqual({ token_id: tokenId, revoked_at: expect.stringMatching(/^\d{4}-.*Z$/) as unknown });
    expect(await authenticate(token)).toBeNull();

    expect(await run('token', 'revoke', tokenId)).toBe(0);
    expect(stdout).toMatch(`Token ${tokenId} is revoked since `);
  });

  it('refuses what is no token', async () => {
    expect(await run('token', 'revoke', 'tok_unknown')).toBe(1);
    expect(stderr).toBe('error: There is no token "tok_unknown"\n');
    expect(closed).toBe(1);
  });
});

describe('migrate', () => {
  const names = MIGRATIONS.map(({ name }) => name);

  it('names what it ran, and then has nothing to do', async () => {
    expect(await run('migrate')).toBe(0);
    expect(stdout).toBe(names.map((name) => `Applied ${name}\n`).join(''));

    expect(await run('migrate')).toBe(0);
    expect(stdout).toBe('Nothing to migrate.\n');
  });

  it('answers in JSON', async () => {
    await run('migrate', '--json');
    expect(answer()).toEqual({ applied: names });

    await run('migrate', '--json');
    expect(answer()).toEqual({ applied: [] });
  });
});

describe('failures', () => {
  it('sends whoever has not migrated to do so', async () => {
    environment['MIGRATE'] = 'off';

    expect(await run('token', 'create', '--account', 'Acme', '--scopes', '*')).toBe(1);
    expect(stderr).toBe('error: The database has not been migrated: run `npm run migrate` first\n');
    expect(closed).toBe(1);
  });

  it('says what is wrong with the configuration, a line each', async () => {
    environment = { DATABASE_URL: 'oracle:x', MIGRATE: 'maybe' };

    expect(await run('migrate')).toBe(1);
    expect(stderr.split('\n').sort()).toEqual([
      '',
      'error: DATABASE_URL must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE',
      'error: MIGRATE must be one of on, off',
    ]);
  });

  it('gives one line for a file that is no database', async () => {
    writeFileSync(join(cwd, 'patchbay.db'), 'this is no database, whatever its name says '.repeat(100));

    expect(await run('token', 'list')).toBe(1);
    expect(stderr).toBe('error: file is not a database\n');
  });

  it('gives one line when the application does not start', async () => {
    expect(await run('openapi')).toBe(1);
    expect(stderr).toBe('error: no application here\n');
  });

  it('names an unknown command', async () => {
    expect(await run('tokens')).toBe(1);
    expect(stderr).toBe("error: unknown command 'tokens'\n");
  });

  it('shows how it is used when told nothing, and when asked', async () => {
    expect(await run()).toBe(1);
    expect(stderr).toMatch(/^Usage: patchbay /);

    expect(await run('token', 'create', '--help')).toBe(0);
    expect(stdout).toMatch(/^Usage: patchbay token create /);
    expect(stderr).toBe('');
  });
});
