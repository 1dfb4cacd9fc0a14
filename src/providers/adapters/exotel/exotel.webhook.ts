import type { CallStatus } from '../../contract/call';
import type { AboutCall, InboundEvent, ParseContext, WebhookReader, WebhookRequest } from '../../contract/webhook';
import { callParty, toE164 } from '../../support/phone-format';
import { RequestFields, wholeSeconds } from '../../support/request-fields';
import { believed } from '../../support/unsigned-webhook';
import type { ExotelCredentials } from './exotel.credentials';
import { DEFAULT_COUNTRY } from './exotel.number';
import { exotelStatus, exotelWord } from './exotel.status';

/** Of `EventType`; `terminal` leaves it to `Status`. */
const EVENTS: ReadonlyMap<string, CallStatus> = new Map([
  ['ringing', 'ringing'],
  ['answered', 'in_progress'],
  ['stream-start', 'in_progress'],
]);

/** What a flow has come to, where its Passthru applet tells nothing better. */
const CALL_TYPES: ReadonlyMap<string, CallStatus> = new Map([
  ['call-attempt', 'in_progress'],
  ['completed', 'completed'],
  ['client-hangup', 'completed'],
  ['voicemail', 'completed'],
  ['incomplete', 'no_answer'],
]);

/**
 * The requests of a flow's applets and of status callbacks. Exotel signs none of them: whoever knows the URL is believed.
 * Sources: https://developer.exotel.com/docs/voice-v1/api-reference/status-callback,
 * https://docs.exotel.com/voice-apis/working-with-passthru-applet and https://docs.exotel.com/exotel-agentstream/passthru-applet
 */
export const exotelWebhook: WebhookReader<ExotelCredentials> = {
  verify: believed,

  parse(request: WebhookRequest, { country }: ParseContext): InboundEvent | null {
    const fields = new RequestFields(request);
    const call = aboutCall(fields, request, country ?? DEFAULT_COUNTRY);
    if (!call) return null;
    if (!isStatus(fields, request)) return { kind: 'call', ...call };
    const status = statusOf(fields);
    if (!status) return { kind: 'other', type: fields.first('eventtype', 'status', 'calltype') ?? 'unknown' };
    return {
      kind: 'status',
      ...call,
      status,
      occurredAt: zonedTime(fields.first('dateupdated', 'currenttime')),
      answeredAt: null,
      endedAt: null,
      durationS: durationOf(fields),
      endReason: fields.first('stream[detailedstatus]', 'stream[disconnectedby]'),
    };
  },
};

/** An applet's question comes to the answer URL and tells no outcome; anything else is news. */
function isStatus(fields: RequestFields, { url }: WebhookRequest): boolean {
  const isStatusUrl = URL.canParse(url) && new URL(url).pathname.endsWith('/status');
  return isStatusUrl || fields.first('status', 'eventtype', 'stream[status]') !== null;
}

function aboutCall(fields: RequestFields, request: WebhookRequest, country: string): AboutCall | null {
  const callSid = fields.first('callsid');
  if (callSid === null) return null;
  const from = fields.first('callfrom', 'from');
  const to = fields.first('callto', 'to');
  const base = { providerCallIds: [callSid] as const };
  if (!isOutbound(fields, request)) {
    return { ...base, direction: 'inbound', from: callParty(from, country), to: callParty(to, country) };
  }
  // Calls placed by API are told the other way round: `From` is who was dialled first, and the ExoPhone is in one of two fields.
  const exoPhone = fields.first('phonenumbersid');
  const own = exoPhone && toE164(exoPhone, country);
  return {
    ...base,
    direction: 'outbound',
    from: own ?? callParty(fields.first('to', 'callto'), country),
    to: callParty(fields.first('from', 'callfrom'), country),
  };
}

/** Only calls placed by API have a status callback, and its shortest form does not tell the direction. */
function isOutbound(fields: RequestFields, { method }: WebhookRequest): boolean {
  const direction = fields.first('direction');
  if (direction !== null) return /^out/i.test(direction);
  return method === 'POST' && fields.first('status') !== null;
}

function statusOf(fields: RequestFields): CallStatus | undefined {
  const event = EVENTS.get(exotelWord(fields.first('eventtype')));
  if (event) return event;
  const status = fields.first('status', 'stream[status]', 'callstatus');
  return status === null ? CALL_TYPES.get(exotelWord(fields.first('calltype'))) : exotelStatus(status);
}

/** A call with one party has no conversation of two, but its leg has lasted. */
function durationOf(fields: RequestFields): number | null {
  const conversation = wholeSeconds(fields.first('conversationduration', 'stream[duration]'));
  return conversation || (wholeSeconds(fields.first('legs[0][oncallduration]')) ?? conversation);
}

/** Most of Exotel's times have no zone, and which it is depends on the account. */
function zonedTime(text: string | null): number | null {
  const time = text !== null && /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}
