import { VendorReply, VendorRequest } from '../core/vendor';
import { refusal, reply } from './plivo.errors';

/** "The maximum number of results that can be fetched is 20": https://www.plivo.com/docs/numbers/api */
const MAX_LIMIT = 20;

/**
 * One page of a list. A higher limit counts as the highest one, which `meta` tells: that it is not refused is a choice.
 * `next` is a path at Plivo's own host, with the filters kept.
 */
export function pageOf<Item>(
  { path, query }: VendorRequest,
  items: readonly Item[],
  resource: (item: Item) => Record<string, unknown>,
): VendorReply {
  const limit = wholeNumber(query.get('limit') ?? String(MAX_LIMIT));
  const offset = wholeNumber(query.get('offset') ?? '0');
  if (limit === undefined || limit === 0) return refusal(400, { limit: 'must be a positive integer' });
  if (offset === undefined) return refusal(400, { offset: 'must not be negative' });
  const size = Math.min(limit, MAX_LIMIT);
  const link = (from: number) => {
    const parameters = new URLSearchParams(query);
    parameters.set('limit', String(size));
    parameters.set('offset', String(from));
    return `${path}?${parameters.toString()}`;
  };
  const meta = {
    limit: size,
    offset,
    total_count: items.length,
    next: offset + size < items.length ? link(offset + size) : null,
    previous: offset > 0 ? link(Math.max(0, offset - size)) : null,
  };
  return reply(200, { meta, objects: items.slice(offset, offset + size).map(resource) });
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
