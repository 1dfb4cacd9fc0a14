import { TwilioError } from './twilio.errors';
import { numberResource, TwilioNumber } from './twilio.number';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;
const FILTERS = ['PhoneNumber', 'FriendlyName', 'Beta', 'Origin'] as const;

/**
 * One page of `GET IncomingPhoneNumbers.json`. A page token names the number next to the page (`PA` + the sid before
 * it, `PB` + the sid after it), so that pages stay whole while numbers are changed. Without a token `Page` counts
 * pages. https://www.twilio.com/docs/usage/twilios-response#pagination
 */
export function numberPage(
  accountSid: string,
  all: readonly TwilioNumber[],
  query: URLSearchParams,
): { body: Record<string, unknown> } | { error: TwilioError } {
  const numbers = all.filter(filterOf(query));
  const size = pageSize(query.get('PageSize'));
  const page = wholeNumber(query.get('Page')) ?? 0;
  const start = startOf(numbers, query.get('PageToken'), page, size);
  // https://www.twilio.com/docs/api/errors/21481
  if (start === undefined) return { error: { status: 400, code: 21481, message: 'Invalid PageToken' } };

  const items = numbers.slice(start, start + size);
  const last = items.at(-1);
  const uri = (toPage: number, token?: string) => pageUri(accountSid, query, size, toPage, token);
  const first = items[0];
  const body = {
    incoming_phone_numbers: items.map((number) => numberResource(accountSid, number)),
    page,
    page_size: size,
    start,
    end: items.length === 0 ? start : start + items.length - 1,
    uri: uri(page, query.get('PageToken') ?? undefined),
    first_page_uri: uri(0),
    next_page_uri: last && start + size < numbers.length ? uri(page + 1, `PA${last.sid}`) : null,
    previous_page_uri: first && start > 0 ? uri(Math.max(0, page - 1), `PB${first.sid}`) : null,
  };
  return { body };
}

/** PhoneNumber takes "partial numbers and '*' as a wildcard for any digit"; the other filters compare. */
function filterOf(query: URLSearchParams): (number: TwilioNumber) => boolean {
  const [phoneNumber, friendlyName, beta, origin] = FILTERS.map((name) => query.get(name));
  // A '+' that the client did not escape arrives as a space.
  const pattern =
    phoneNumber &&
    new RegExp(
      phoneNumber
        .trim()
        .replace(/[^\d+*]/g, '')
        .replace(/\+/g, '\\+')
        .replace(/\*/g, '\\d'),
    );
  return (number) =>
    (!pattern || pattern.test(number.phone_number)) &&
    (!friendlyName || number.friendly_name === friendlyName) &&
    (beta !== 'false' || !number.beta) &&
    (!origin || number.origin === origin);
}

function startOf(
  numbers: readonly TwilioNumber[],
  token: string | null,
  page: number,
  size: number,
): number | undefined {
  if (token === null) return page * size;
  const position = numbers.findIndex((number) => number.sid === token.slice(2));
  if (position < 0) return undefined;
  if (token.startsWith('PA')) return position + 1;
  return token.startsWith('PB') ? Math.max(0, position - size) : undefined;
}

function pageSize(given: string | null): number {
  return Math.min(wholeNumber(given) || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
}

function wholeNumber(given: string | null): number | undefined {
  return given !== null && /^\d{1,9}$/.test(given) ? Number(given) : undefined;
}

function pageUri(accountSid: string, query: URLSearchParams, size: number, page: number, token?: string): string {
  const next = new URLSearchParams();
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value !== null) next.set(name, value);
  }
  next.set('PageSize', String(size));
  next.set('Page', String(page));
  if (token !== undefined) next.set('PageToken', token);
  return `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json?${next.toString()}`;
}
