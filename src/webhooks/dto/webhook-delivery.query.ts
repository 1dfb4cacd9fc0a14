import { PageQuery } from '../../http/pagination/page-query.dto';
import { EnumField, IdentifierField } from '../../http/validation/fields';
import { MESSAGE_STATES, type MessageState } from '../../outbox/outbox-message';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../outbox/webhook-event';

/** Filters of the list of deliveries; all that are given must hold. No examples: Swagger UI would send them unasked. */
export class WebhookDeliveryQuery extends PageQuery {
  @IdentifierField({ description: 'Deliveries to this agent', optional: true })
  agent_id?: string;

  @EnumField(MESSAGE_STATES, { description: 'Deliveries of this status', optional: true })
  status?: MessageState;

  @EnumField(WEBHOOK_EVENTS, { description: 'Deliveries of this event', optional: true })
  type?: WebhookEvent;
}
