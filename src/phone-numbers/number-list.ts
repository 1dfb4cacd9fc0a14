import { AppError } from '../common/errors/app-error';
import { isId } from '../common/ids';
import { decodePageCursor } from '../http/pagination/page';
import type { PhoneNumberQuery } from './dto/phone-number-query.dto';
import type { PhoneNumberFilter } from './phone-number-record';

/** Ties a cursor to this list. */
export const NUMBER_LIST = 'phone-number';

const NUMBER_KEY = /^\+\d{1,15}$/;

/** The conditions of a query, or `null` when nothing can fulfil them: an `agent_id` that has not the form of one. */
export function readNumberFilter(query: PhoneNumberQuery): PhoneNumberFilter | null {
  const { provider, status, purpose, agent_id: agentId, available, country, search } = query;
  if (agentId !== undefined && !isId('agent', agentId)) return null;
  const prefix = search === undefined ? undefined : `+${search.replace(/^[+ ]/, '')}`;
  return { provider, status, purpose, agentId, available, country: country?.toUpperCase(), prefix };
}

/**
 * The number that the page starts after. Whatever else a forged cursor holds never reaches the database.
 * @throws AppError `VALIDATION_FAILED`
 */
export function readNumberCursor(cursor: string | undefined): string | undefined {
  const key = decodePageCursor(NUMBER_LIST, cursor);
  if (key === undefined || NUMBER_KEY.test(key)) return key;
  const message = 'cursor is not one of this list';
  throw new AppError('VALIDATION_FAILED', { details: [{ field: 'cursor', message, value: cursor }] });
}
