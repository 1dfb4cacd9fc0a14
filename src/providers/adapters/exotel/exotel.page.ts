import { isRecord } from '../../support/json';
import { type ExotelNumber, parseExotelNumber } from './exotel.number';

export interface ExotelPage {
  readonly numbers: readonly ExotelNumber[];
  /** The number of the page behind it; `null` on the last one. */
  readonly next: number | null;
}

/**
 * A page of the list, or `null` where the answer is not the page that was asked for. Older answers say by `next_page_uri`
 * whether there is another; newer ones leave it out, and then a page that is not full is the last one.
 */
export function parsePage(body: unknown, asked: number, size: number): ExotelPage | null {
  if (!isRecord(body) || !Array.isArray(body.incoming_phone_numbers)) return null;
  if (typeof body.page === 'number' && body.page !== asked) return null;
  const numbers = body.incoming_phone_numbers.map(parseExotelNumber);
  if (!numbers.every((number) => number !== null)) return null;
  const { next_page_uri: link, page_size: actual } = body;
  const full = Number.isSafeInteger(actual) ? Number(actual) : size;
  const hasMore = link === undefined ? numbers.length >= full : link !== null && link !== '';
  return { numbers, next: hasMore && numbers.length > 0 ? asked + 1 : null };
}
