import type { CallStatus } from '../../contract/call';
import type { AboutCall, CallProgressed, InboundEvent, WebhookReader, WebhookRequest } from '../../contract/webhook';
import { callParty } from '../../support/phone-format';
import { secondsOf, statusOf, timeOf } from './twilio.call-status';
import type { TwilioCredentials } from './twilio.credentials';
import { formOf, isForm, queryOf } from './twilio.form';
import { verifySignature } from './twilio.signature';

const ENDS: readonly CallStatus[] = ['completed', 'busy', 'no_answer', 'failed', 'canceled'];
/**
 * What stands for the number of a caller who withholds it: RESTRICTED, BLOCKED, UNKNOWN, ANONYMOUS and UNAVAILABLE as
 * spelt on a keypad. Not in Twilio's documentation; seen by many.
 */
const WITHHELD: readonly string[] = ['+7378742833', '+2562533', '+8656696', '+266696687', '+86282452253'];
/** What other callbacks about a call say of themselves: of streams, recordings and answering machine detection. */
const OTHER_EVENTS = ['StreamEvent', 'RecordingStatus', 'CallbackSource', 'MessageStatus', 'SmsStatus', 'AnsweredBy'];

/**
 * Voice requests and status callbacks, posted as a form or, where the number says GET, in the query.
 * Sources: https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application and
 * https://www.twilio.com/docs/voice/api/call-resource#statuscallback
 */
export const twilioWebhook: WebhookReader<TwilioCredentials> = {
  verify: verifySignature,
  parse: parseWebhook,
};

function parseWebhook(request: WebhookRequest): InboundEvent | null {
  const fields = fieldsOf(request);
  if (!fields) return null;
  const sid = fields.get('CallSid');
  const word = fields.get('CallStatus');
  if (!sid || !word) return otherEvent(fields);
  if (!/^CA[0-9a-zA-Z]{1,62}$/.test(sid)) return null;
  const status = statusOf(word);
  if (!status) return { kind: 'other', type: word };
  const call = aboutCall(sid, fields);
  return isCallback(fields, word, status) ? progress(call, status, fields) : { kind: 'call', ...call };
}

function fieldsOf(request: WebhookRequest): URLSearchParams | null {
  if (request.method === 'GET') return new URLSearchParams(queryOf(request));
  return request.method === 'POST' && isForm(request) ? formOf(request) : null;
}

function otherEvent(fields: URLSearchParams): InboundEvent | null {
  if (!fields.get('AccountSid')) return null;
  const type = OTHER_EVENTS.map((name) => fields.get(name)).find((value) => value);
  return type ? { kind: 'other', type } : null;
}

/** Callbacks name their source and their order; a question does neither, and is never about a call that is over. */
function isCallback(fields: URLSearchParams, word: string, status: CallStatus): boolean {
  const isTold = fields.has('CallbackSource') || fields.has('SequenceNumber');
  return isTold || word === 'initiated' || ENDS.includes(status);
}

/** `ParentCallSid` is left out: it names the call that has dialled this one, whose fate is its own. */
function aboutCall(sid: string, fields: URLSearchParams): AboutCall {
  return {
    providerCallIds: [sid],
    direction: fields.get('Direction')?.startsWith('outbound') ? 'outbound' : 'inbound',
    from: party(fields.get('From')),
    to: party(fields.get('To')),
  };
}

function party(text: string | null): string | null {
  return text !== null && WITHHELD.includes(text) ? null : callParty(text, null);
}

function progress(call: AboutCall, status: CallStatus, fields: URLSearchParams): CallProgressed {
  const occurredAt = timeOf(fields.get('Timestamp'));
  const isEnd = ENDS.includes(status);
  return {
    kind: 'status',
    ...call,
    status,
    occurredAt,
    answeredAt: status === 'in_progress' ? occurredAt : null,
    endedAt: isEnd ? occurredAt : null,
    // `Duration`, beside it, is in minutes begun.
    durationS: isEnd ? secondsOf(fields.get('CallDuration')) : null,
    endReason: isEnd ? reasonOf(fields, status) : null,
  };
}

/** An error of Twilio's, else the phone network's code; of a call that went well the latter is 200, which is no reason. */
function reasonOf(fields: URLSearchParams, status: CallStatus): string | null {
  return fields.get('ErrorCode') || (status === 'completed' ? null : fields.get('SipResponseCode')) || null;
}
