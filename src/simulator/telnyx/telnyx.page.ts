import { VendorReply } from '../core/vendor';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 250;

/** One page of a list, counted from 1. Sizes above the limit are cut, which Telnyx does not document. */
export function pageReply<T>(
  items: readonly T[],
  query: URLSearchParams,
  resourceOf: (item: T) => unknown,
): VendorReply {
  const size = Math.min(positiveOf(query.get('page[size]')) ?? DEFAULT_SIZE, MAX_SIZE);
  const page = positiveOf(query.get('page[number]')) ?? 1;
  const data = items.slice((page - 1) * size, page * size).map(resourceOf);
  const meta = {
    page_number: page,
    page_size: size,
    total_pages: Math.ceil(items.length / size),
    total_results: items.length,
  };
  return { status: 200, body: { data, meta } };
}

function positiveOf(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/**
 * Sorts by the member that `sort` names, downwards with `-` in front; without it the newest come first.
 * @param items in the order of their creation
 */
export function sorted<T extends { readonly created_at: string }>(
  items: readonly T[],
  sort: string | null,
  valueOf: (item: T, member: string) => string | undefined,
): T[] {
  if (sort === null) return [...items].reverse();
  const member = sort.replace(/^-/, '');
  const direction = sort.startsWith('-') ? -1 : 1;
  const key = (item: T) => valueOf(item, member) ?? item.created_at;
  return [...items].sort((one, other) => direction * compare(key(one), key(other)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
