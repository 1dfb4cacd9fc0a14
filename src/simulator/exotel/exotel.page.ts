import { ExotelAccount } from './exotel.account';
import { numberResource } from './exotel.number';

const DEFAULT_PAGE_SIZE = 50;
/** That of the list of calls; none is documented for numbers. */
const MAX_PAGE_SIZE = 100;
/** The links name a host inside Exotel, not the one that was asked. */
const LINK_HOST = 'https://twilix.exotel.com';

/**
 * One page of `GET IncomingPhoneNumbers`: `Page` counts from 0. `PhoneNumber` is not heeded, as third parties report.
 * https://developer.exotel.com/api/exophones
 */
export function numberPage(account: ExotelAccount, query: URLSearchParams): Record<string, unknown> {
  const page = wholeNumber(query.get('Page')) ?? 0;
  const size = Math.min(wholeNumber(query.get('PageSize')) || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const all = account.numbers();
  const path = `/v2_beta/Accounts/${account.sid}/IncomingPhoneNumbers`;
  const uri = (of: number) => `${LINK_HOST}${path}?Page=${of}&PageSize=${size}`;
  return {
    page,
    page_size: size,
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: (page + 1) * size < all.length ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
    incoming_phone_numbers: all.slice(page * size, (page + 1) * size).map(numberResource),
  };
}

function wholeNumber(given: string | null): number | undefined {
  return given !== null && /^\d{1,6}$/.test(given) ? Number(given) : undefined;
}
