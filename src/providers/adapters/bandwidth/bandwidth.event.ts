import type { AboutCall, InboundEvent, ParseContext, WebhookRequest } from '../../contract/webhook';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import { callParty } from '../../support/phone-format';
import { conversation, statusOfCause, timeOf } from './bandwidth.call-report';

/**
 * The events of the voice API, as JSON: `initiate` (a call has come in) and `answer` (one that we placed was picked up)
 * ask for a document, `disconnect` tells of the end of either.
 * Source: https://dev.bandwidth.com/docs/voice/webhooks
 */
export function parseEvent(request: WebhookRequest, context: ParseContext): InboundEvent | null {
  const event = bodyOf(request);
  const type = event && textOrNull(event, 'eventType');
  if (!event || type === null) return null;
  if (type !== 'initiate' && type !== 'answer' && type !== 'disconnect') return { kind: 'other', type };
  const about = aboutCall(event, type, context);
  if (!about) return null;
  return type === 'disconnect' ? ended(about, event) : { ...about, kind: 'call' };
}

function aboutCall(event: JsonRecord, type: string, { country }: ParseContext): AboutCall | null {
  const callId = textOrNull(event, 'callId');
  if (callId === null) return null;
  const direction = textOrNull(event, 'direction') ?? (type === 'answer' ? 'outbound' : 'inbound');
  return {
    providerCallIds: [callId],
    direction: direction === 'outbound' ? 'outbound' : 'inbound',
    from: callParty(textOrNull(event, 'from'), country),
    to: callParty(textOrNull(event, 'to'), country),
  };
}

function ended(about: AboutCall, event: JsonRecord): InboundEvent {
  const cause = textOrNull(event, 'cause');
  const answeredAt = timeOf(event, 'answerTime');
  const endedAt = timeOf(event, 'endTime');
  return {
    ...about,
    kind: 'status',
    status: statusOfCause(cause, about.direction),
    occurredAt: timeOf(event, 'eventTime') ?? endedAt,
    answeredAt,
    endedAt,
    durationS: conversation(answeredAt, endedAt),
    endReason: cause,
  };
}

function bodyOf({ rawBody }: WebhookRequest): JsonRecord | null {
  try {
    const body: unknown = JSON.parse(rawBody.toString('utf8'));
    return isRecord(body) ? body : null;
  } catch {
    return null;
  }
}
