import { PageQuery } from '../../http/pagination/page-query.dto';
import { EnumField, IdentifierField, QueryFlagField, TextField } from '../../http/validation/fields';
import { PROVIDER_NAMES, type ProviderName } from '../../providers/provider-name';
import { MAX_SEARCH_LENGTH } from '../limits';
import { NUMBER_STATUSES, type NumberStatus, PURPOSES, type Purpose } from '../phone-number';

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

  @TextField({ description: 'Numbers of this country, ISO 3166', min: 2, max: 2, optional: true })
  country?: string;

  @TextField({
    description: 'The digits that the number begins with, country code first, with or without the `+`',
    min: 1,
    max: MAX_SEARCH_LENGTH,
    optional: true,
  })
  search?: string;
}
