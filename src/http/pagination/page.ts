import { decodeCursor, encodeCursor } from '../../common/cursor';
import { AppError } from '../../common/errors/app-error';

export interface Page<T> {
  readonly items: T[];
  /** What to ask for the following page with; `null` on the last one. */
  readonly next_cursor: string | null;
}

/**
 * The sort key that the page starts after, or `undefined` for the first page. A cursor that this list did not make is
 * `VALIDATION_FAILED`.
 */
export function decodePageCursor(list: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const key = decodeCursor(list, cursor);
  if (key === undefined) {
    const message = 'cursor is not one of this list';
    throw new AppError('VALIDATION_FAILED', { details: [{ field: 'cursor', message, value: cursor }] });
  }
  return key;
}

/** A page of `rows`, of which one more than `limit` was fetched in order to know whether another page follows. */
export function toPage<Row, Item>(
  list: string,
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
  map: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(map), next_cursor: last === undefined ? null : encodeCursor(list, keyOf(last)) };
}
