import { PageQuery } from '../../http/pagination/page-query.dto';
import { EnumField, IdentifierField, PatternField, QueryFlagField } from '../../http/validation/fields';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { NUMBER_STATUSES, type NumberStatus, PURPOSES, type Purpose } from '../phone-number';

const MAX_SEARCH_DIGITS = 15;
// In a query a raw `+` arrives as a space.
const SEARCH = new RegExp(`^[+ ]?\\d{1,${MAX_SEARCH_DIGITS}}$`);

/** Filters of the number list; all that are given must hold. No examples: Swagger UI would send them unasked. */
export class PhoneNumberQuery extends PageQuery {
  @EnumField(PROVIDER_NAMES, { description: 'Numbers at this provider', optional: true })
  provider?: ProviderName;

  @EnumField(NUMBER_STATUSES, { description: 'Numbers of this status', optional: true })
  status?: NumberStatus;

  @EnumField(PURPOSES, { description: 'Numbers of this purpose', optional: true })
  purpose?: Purpose;

  @IdentifierField({
    description: 'Numbers attached to this agent',
    optional: true,
  })
  agent_id?: string;

  @QueryFlagField({
    description: '`true` = attached to no agent, `false` = attached to one',
    optional: true,
  })
  available?: boolean;

  @PatternField(/^[A-Za-z]{2}$/, 'must be two letters', {
    description: 'Numbers of this country, ISO 3166',
    optional: true,
  })
  country?: string;

  @PatternField(SEARCH, `must be 1 to ${MAX_SEARCH_DIGITS} digits, or + and digits`, {
    description: 'The digits that the number begins with, country code first, with or without the `+`',
    optional: true,
  })
  search?: string;
}
