import type { EntityManager } from 'typeorm';
import { TokenRepository } from './token.repository';

const ROW = { token_id: 'tok_1', account_id: 'acct_1', expires_at: null };

function managerGiving(row: object): EntityManager {
  return { query: () => Promise.resolve([row]) } as unknown as EntityManager;
}

it.each([
  ['parsed, as MySQL gives it', ['numbers:read']],
  ['text, as MariaDB and SQLite give it', '["numbers:read"]'],
])('reads scopes that are %s', async (_how, scopes) => {
  const token = await new TokenRepository().findLive(managerGiving({ ...ROW, scopes }), 'digest');

  expect(token).toEqual({ tokenId: 'tok_1', accountId: 'acct_1', scopes: ['numbers:read'], expiresAt: null });
});

it.each([['{}'], ['null'], ['[1]'], [null]])('grants nothing for scopes that are %j', async (scopes) => {
  const token = await new TokenRepository().findLive(managerGiving({ ...ROW, scopes }), 'digest');

  expect(token?.scopes).toEqual([]);
});
