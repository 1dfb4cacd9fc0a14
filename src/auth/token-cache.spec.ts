import { TokenCache } from './token-cache';
import type { StoredToken } from './token.repository';

const TOKEN: StoredToken = { tokenId: 'tok_1', accountId: 'acct_1', scopes: ['*'], expiresAt: null };

/** A look-up that the test answers when it likes. */
function heldLoad() {
  let answer: (token: StoredToken | null) => void = () => undefined;
  const promise = new Promise<StoredToken | null>((resolve) => {
    answer = resolve;
  });
  return { load: () => promise, answer };
}

let now: number;
let cache: TokenCache;

beforeEach(() => {
  now = 1_000;
  cache = new TokenCache({ now: () => now });
});

it.each([
  ['a token', TOKEN],
  ['the lack of one', null],
])('remembers %s for five seconds', async (_what, stored) => {
  const load = jest.fn().mockResolvedValue(stored);

  expect(await cache.get('d', load)).toBe(stored);
  now += 5_000;
  expect(await cache.get('d', load)).toBe(stored);
  expect(load).toHaveBeenCalledTimes(1);

  now += 1;
  await cache.get('d', load);
  expect(load).toHaveBeenCalledTimes(2);
});

it('counts the age from before the query', async () => {
  const { load, answer } = heldLoad();
  const first = cache.get('d', load);
  now += 4_000;
  answer(TOKEN);
  await first;

  now += 1_001;
  const again = jest.fn().mockResolvedValue(null);
  expect(await cache.get('d', again)).toBeNull();
  expect(again).toHaveBeenCalledTimes(1);
});

it('asks once for look-ups that come together', async () => {
  const { load, answer } = heldLoad();
  const counted = jest.fn(load);
  const both = Promise.all([cache.get('d', counted), cache.get('d', counted)]);
  answer(TOKEN);

  expect(await both).toEqual([TOKEN, TOKEN]);
  expect(counted).toHaveBeenCalledTimes(1);
});

it('forgets what is dropped', async () => {
  await cache.get('d', () => Promise.resolve(TOKEN));
  cache.drop('d');

  expect(await cache.get('d', () => Promise.resolve(null))).toBeNull();
});

it('does not keep the answer of a look-up that was under way when its digest was dropped', async () => {
  const stale = heldLoad();
  const first = cache.get('d', stale.load);
  cache.drop('d');
  const fresh = heldLoad();
  const second = cache.get('d', fresh.load);

  stale.answer(TOKEN);
  expect(await first).toBe(TOKEN);
  fresh.answer(null);
  expect(await second).toBeNull();

  expect(await cache.get('d', () => Promise.reject(new Error('not asked again')))).toBeNull();
});

it('does not keep a failure', async () => {
  await expect(cache.get('d', () => Promise.reject(new Error('down')))).rejects.toThrow('down');

  expect(await cache.get('d', () => Promise.resolve(TOKEN))).toBe(TOKEN);
});

it('forgets nothing that is newer when a dropped look-up fails', async () => {
  let fail: (error: Error) => void = () => undefined;
  const first = cache.get('d', () => new Promise((_resolve, reject) => (fail = reject)));
  cache.drop('d');
  const fresh = heldLoad();
  const second = cache.get('d', fresh.load);

  fail(new Error('down'));
  await expect(first).rejects.toThrow('down');
  fresh.answer(TOKEN);

  expect(await second).toBe(TOKEN);
  expect(await cache.get('d', () => Promise.resolve(null))).toBe(TOKEN);
});

it('keeps real tokens however many invented ones are tried, and not all of those', async () => {
  await cache.get('real', () => Promise.resolve(TOKEN));
  for (let i = 0; i <= 10_000; i++) await cache.get(`invented ${i}`, () => Promise.resolve(null));

  expect(await cache.get('real', () => Promise.resolve(null))).toBe(TOKEN);
  expect(await cache.get('invented 0', () => Promise.resolve(TOKEN))).toBe(TOKEN);
});
