import { Database } from '../database/database';
import { runMigrations } from '../database/migrate';
import { openDataSource } from '../database/open-data-source';
import { selectRows } from '../database/sql';
import { AccountRepository } from './account.repository';
import { AccountService } from './account.service';
import { digestOf } from './api-token';
import { TokenCache } from './token-cache';
import { TokenRepository } from './token.repository';
import { TokenService } from './token.service';

const START = Date.UTC(2026, 10, 24, 8);
const clock = { now: () => now };
let now: number;
let database: Database;
let tokens: TokenRepository;
let service: TokenService;

function newService(): TokenService {
  const accounts = new AccountService(database, new AccountRepository(), clock);
  return new TokenService(database, accounts, tokens, clock, new TokenCache(clock));
}

beforeEach(async () => {
  now = START;
  const dataSource = await openDataSource({ kind: 'sqlite', path: ':memory:' });
  await runMigrations(dataSource);
  database = new Database(dataSource, 'sqlite');
  tokens = new TokenRepository();
  service = newService();
});

afterEach(async () => {
  await database.dataSource.destroy();
});

describe('create', () => {
  it('gives a token that authenticates with its scopes', async () => {
    const { token, tokenId, accountId } = await service.create({
      accountName: 'Acme',
      scopes: ['numbers:read', 'numbers:write'],
    });

    expect(tokenId).toMatch(/^tok_/);
    expect(accountId).toMatch(/^acct_/);
    expect(await service.authenticate(token)).toEqual({
      accountId,
      tokenId,
      scopes: ['numbers:read', 'numbers:write'],
    });
  });

  it('stores the digest and nothing of the token', async () => {
    const { token } = await service.create({ accountName: 'Acme', scopes: ['*'] });

    const rows = await database.read((manager) =>
      selectRows<{ digest: string }>(manager, 'SELECT * FROM api_token', []),
    );
    expect(rows).toMatchObject([{ digest: digestOf(token) }]);
    expect(JSON.stringify(rows)).not.toContain(token.slice(3));
  });

  it('uses the account of that name again', async () => {
    const first = await service.create({ accountName: 'Acme', scopes: ['*'] });
    const second = await service.create({ accountName: 'Acme', scopes: ['*'] });
    const other = await service.create({ accountName: 'Other', scopes: ['*'] });

    expect(second.accountId).toBe(first.accountId);
    expect(second.token).not.toBe(first.token);
    expect(other.accountId).not.toBe(first.accountId);
  });

  it('uses the account of whoever was first when two make it at once', async () => {
    const made = await Promise.all([
      service.create({ accountName: 'Acme', scopes: ['*'] }),
      service.create({ accountName: 'Acme', scopes: ['*'] }),
    ]);

    expect(made[0].accountId).toBe(made[1].accountId);
  });
});

describe('authenticate', () => {
  it('knows no token that was never made, whatever it looks like', async () => {
    const look = jest.spyOn(tokens, 'findLive');

    expect(await service.authenticate(`pb_${'a'.repeat(43)}`)).toBeNull();
    expect(look).toHaveBeenCalledTimes(1);

    for (const text of ['', 'nonsense', `pb_${'a'.repeat(42)}`, `pb_${'a'.repeat(10_000)}`]) {
      expect(await service.authenticate(text)).toBeNull();
    }
    expect(look).toHaveBeenCalledTimes(1);
  });

  it('asks the database once in five seconds', async () => {
    const look = jest.spyOn(tokens, 'findLive');
    const { token } = await service.create({ accountName: 'Acme', scopes: ['*'] });

    await service.authenticate(token);
    now += 5_000;
    await service.authenticate(token);
    expect(look).toHaveBeenCalledTimes(1);

    now += 1;
    await service.authenticate(token);
    expect(look).toHaveBeenCalledTimes(2);
  });

  it('ends at the very millisecond of expiry, cached or not', async () => {
    const { token } = await service.create({ accountName: 'Acme', scopes: ['*'], expiresAt: START + 2_000 });

    now = START + 1_999;
    expect(await service.authenticate(token)).not.toBeNull();
    now = START + 2_000;
    expect(await service.authenticate(token)).toBeNull();
    expect(await newService().authenticate(token)).toBeNull();
  });
});

describe('revoke', () => {
  it('ends a token at once in this process, and within five seconds in another', async () => {
    const elsewhere = newService();
    const { token, tokenId } = await service.create({ accountName: 'Acme', scopes: ['*'] });
    await service.authenticate(token);
    await elsewhere.authenticate(token);

    expect(await service.revoke(tokenId)).toBe(START);

    expect(await service.authenticate(token)).toBeNull();
    now += 5_001;
    expect(await elsewhere.authenticate(token)).toBeNull();
  });

  it('keeps the time of the first revocation', async () => {
    const { tokenId } = await service.create({ accountName: 'Acme', scopes: ['*'] });
    await service.revoke(tokenId);
    now += 60_000;

    expect(await service.revoke(tokenId)).toBe(START);
  });

  it('says when there is no such token', async () => {
    expect(await service.revoke('tok_unknown')).toBeNull();
  });

  it('leaves the other tokens of the account alone', async () => {
    const { tokenId } = await service.create({ accountName: 'Acme', scopes: ['*'] });
    const { token } = await service.create({ accountName: 'Acme', scopes: ['*'] });
    await service.revoke(tokenId);

    expect(await service.authenticate(token)).not.toBeNull();
  });
});

describe('list', () => {
  it('shows the tokens of one account or of all, oldest first, without what would let somebody in', async () => {
    const acme = await service.create({ accountName: 'Acme', scopes: ['*'], expiresAt: START + 1 });
    const other = await service.create({ accountName: 'Other', scopes: ['calls:read'] });
    await service.revoke(other.tokenId);

    const all = await service.list();
    expect(all).toEqual([
      {
        tokenId: acme.tokenId,
        accountId: acme.accountId,
        accountName: 'Acme',
        scopes: ['*'],
        createdAt: START,
        expiresAt: START + 1,
        revokedAt: null,
      },
      {
        tokenId: other.tokenId,
        accountId: other.accountId,
        accountName: 'Other',
        scopes: ['calls:read'],
        createdAt: START,
        expiresAt: null,
        revokedAt: START,
      },
    ]);
    expect(await service.list('Other')).toEqual([all[1]]);
    expect(await service.list('Nobody')).toEqual([]);
  });
});
