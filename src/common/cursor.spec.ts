import { decodeCursor, encodeCursor } from './cursor';

// printf '["numbers","+918062810341"]' | base64
const CURSOR = 'WyJudW1iZXJzIiwiKzkxODA2MjgxMDM0MSJd';

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

describe('cursor', () => {
  it('holds list and key as base64url JSON', () => {
    expect(encodeCursor('numbers', '+918062810341')).toBe(CURSOR);
    expect(decodeCursor('numbers', CURSOR)).toBe('+918062810341');
  });

  it('needs no escaping in a query and keeps any text', () => {
    const cursor = encodeCursor('agents', 'ÿþ?>"\u0000');
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor('agents', cursor)).toBe('ÿþ?>"\u0000');
  });

  it('belongs to one list', () => {
    expect(decodeCursor('agents', CURSOR)).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no base64url', 'a b'],
    ['a trailing newline', `${CURSOR}\n`],
    ['no JSON', base64url('numbers')],
    ['no list', base64url('{"0":"numbers","1":"a"}')],
    ['null', base64url('null')],
    ['a missing key', base64url('["numbers"]')],
    ['one member too many', base64url('["numbers","a","b"]')],
    ['a key that is no text', base64url('["numbers",1]')],
    ['more than 256 characters', base64url(JSON.stringify(['numbers', 'a'.repeat(200)]))],
  ])('refuses %s', (_what, cursor) => {
    expect(decodeCursor('numbers', cursor)).toBeUndefined();
  });
});
