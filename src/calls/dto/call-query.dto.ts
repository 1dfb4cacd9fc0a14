import { CALL_STATUSES, type CallStatus } from '../../providers/contract/call';
import { EnumField, IdentifierField, PatternField } from '../../http/validation/fields';
import { PageQuery } from '../../http/pagination/page-query.dto';
import { CALL_DIRECTIONS, type CallDirection } from '../call';

/** A day, or a point in time with its zone: https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+ -]\d{2}:\d{2}))?$/;
const DATE_FORM = 'must be a date such as 2026-11-24, or a date and time with its zone such as 2026-11-24T08:00:00Z';

/** Which calls to list. No examples: Swagger UI would send them unasked. */
export class CallQuery extends PageQuery {
  @IdentifierField({ description: 'Calls of this agent', optional: true })
  agent_id?: string;

  @IdentifierField({ description: 'Calls whose far end is this, in E.164 format where it is a number', optional: true })
  phone_number?: string;

  @EnumField(CALL_DIRECTIONS, { description: 'Calls in, or calls out', optional: true })
  direction?: CallDirection;

  @EnumField(CALL_STATUSES, { description: 'Calls that are this far', optional: true })
  call_status?: CallStatus;

  @PatternField(DATE, DATE_FORM, {
    description: 'Calls that began at this time or later; a date stands for its beginning in UTC',
    optional: true,
  })
  from_date?: string;

  @PatternField(DATE, DATE_FORM, {
    description: 'Calls that began before this time; a date includes the whole day in UTC',
    optional: true,
  })
  to_date?: string;
}
