import { TwilioError } from './twilio.errors';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

/** What tells one list of the API from another. */
export interface TwilioList<Item> {
  /** Of the body, with the items. */
  readonly member: string;
  /** Of the list, from the root of the host. */
  readonly path: string;
  /** Query parameters that its addresses repeat. */
  readonly filters: readonly string[];
  readonly sidOf: (item: Item) => string;
  readonly resourceOf: (item: Item) => unknown;
}

/**
 * One page of a list. A page token names the item next to the page (`PA` + the sid before it, `PB` + the sid after it),
 * so that pages stay whole while items are changed. Without a token `Page` counts pages.
 * https://www.twilio.com/docs/usage/twilios-response#pagination
 */
export function pageOf<Item>(
  all: readonly Item[],
  query: URLSearchParams,
  list: TwilioList<Item>,
): { body: Record<string, unknown> } | { error: TwilioError } {
  const size = Math.min(wholeNumber(query.get('PageSize')) || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const page = wholeNumber(query.get('Page')) ?? 0;
  const token = query.get('PageToken');
  const start = token === null ? page * size : startAt(all.map(list.sidOf), token, size);
  // https://www.twilio.com/docs/api/errors/21481
  if (start === undefined) return { error: { status: 400, code: 21481, message: 'Invalid PageToken' } };

  const items = all.slice(start, start + size);
  const [first, last] = [items[0], items.at(-1)];
  const uri = (toPage: number, at?: string) => pageUri(list, query, size, toPage, at);
  const body = {
    [list.member]: items.map(list.resourceOf),
    page,
    page_size: size,
    start,
    end: items.length === 0 ? start : start + items.length - 1,
    uri: uri(page, token ?? undefined),
    first_page_uri: uri(0),
    next_page_uri: last && start + size < all.length ? uri(page + 1, `PA${list.sidOf(last)}`) : null,
    previous_page_uri: first && start > 0 ? uri(Math.max(0, page - 1), `PB${list.sidOf(first)}`) : null,
  };
  return { body };
}

function startAt(sids: readonly string[], token: string, size: number): number | undefined {
  const position = sids.indexOf(token.slice(2));
  if (position < 0) return undefined;
  if (token.startsWith('PA')) return position + 1;
  return token.startsWith('PB') ? Math.max(0, position - size) : undefined;
}

function wholeNumber(given: string | null): number | undefined {
  return given !== null && /^\d{1,9}$/.test(given) ? Number(given) : undefined;
}

function pageUri(
  { path, filters }: Pick<TwilioList<never>, 'path' | 'filters'>,
  query: URLSearchParams,
  size: number,
  page: number,
  token?: string,
): string {
  const next = new URLSearchParams();
  for (const name of filters) {
    const value = query.get(name);
    if (value !== null) next.set(name, value);
  }
  next.set('PageSize', String(size));
  next.set('Page', String(page));
  if (token !== undefined) next.set('PageToken', token);
  return `${path}?${next.toString()}`;
}
