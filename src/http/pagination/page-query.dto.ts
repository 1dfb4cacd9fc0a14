import { IdentifierField, QueryIntegerField } from '../validation/fields';

export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

/** What every list takes; filters extend it. */
export class PageQuery {
  @QueryIntegerField({
    description: `Items on a page; ${DEFAULT_PAGE_SIZE} when not given`,
    example: DEFAULT_PAGE_SIZE,
    min: 1,
    max: MAX_PAGE_SIZE,
    optional: true,
  })
  limit: number = DEFAULT_PAGE_SIZE;

  @IdentifierField({ description: 'The `next_cursor` of the page before', optional: true })
  cursor?: string;
}
