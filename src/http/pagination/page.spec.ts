import { encodeCursor } from '../../common/cursor';
import { decodePageCursor, toPage } from './page';

const rows = ['a', 'b', 'c'];
const page = (limit: number) =>
  toPage(
    'letters',
    rows,
    limit,
    (row) => row,
    (row) => row.toUpperCase(),
  );

describe('toPage', () => {
  it('shows as many as asked for, and points behind the last one shown when one more was fetched', () => {
    const { items, next_cursor } = page(2);
    expect(items).toEqual(['A', 'B']);
    expect(decodePageCursor('letters', next_cursor ?? undefined)).toBe('b');
  });

  it('is the last page when no more was fetched', () => {
    expect(page(3)).toEqual({ items: ['A', 'B', 'C'], next_cursor: null });
    expect(page(100).next_cursor).toBeNull();
  });

  it('may be empty', () => {
    const empty = toPage(
      'letters',
      [],
      20,
      () => 'x',
      () => 'x',
    );
    expect(empty).toEqual({ items: [], next_cursor: null });
  });
});

describe('decodePageCursor', () => {
  it('starts at the beginning without a cursor', () => {
    expect(decodePageCursor('letters', undefined)).toBeUndefined();
  });

  it.each(['', 'nonsense', '!', encodeCursor('numbers', 'b')])('refuses %j', (cursor) => {
    expect(() => decodePageCursor('letters', cursor)).toThrow(
      expect.objectContaining({
        reason: 'VALIDATION_FAILED',
        details: [{ field: 'cursor', message: 'cursor is not one of this list', value: cursor }],
      }) as Error,
    );
  });
});
