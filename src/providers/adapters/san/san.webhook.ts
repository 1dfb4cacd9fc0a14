import { isId } from '../../../common/ids';
import type { CallStatus } from '../../contract/call';
import type { InboundEvent, ParseContext, WebhookReader, WebhookRequest } from '../../contract/webhook';
import { callParty } from '../../support/phone-format';
import { RequestFields, wholeSeconds } from '../../support/request-fields';
import { believed } from '../../support/unsigned-webhook';
import type { SanCredentials } from './san.credentials';

const DEFAULT_COUNTRY = 'IN';

/**
 * Asterisk's words for how a call went, and those of its channels, letters only. The callback comes after the call, so an
 * answered one is over.
 * Source: https://docs.asterisk.org/Configuration/Reporting/Call-Detail-Records-CDR/CDR-Variables/
 */
const STATUSES: ReadonlyMap<string, CallStatus> = new Map([
  ['initiated', 'initiated'],
  ['queued', 'initiated'],
  ['dialing', 'initiated'],
  ['ringing', 'ringing'],
  ['inprogress', 'in_progress'],
  ['up', 'in_progress'],
  ['answer', 'completed'],
  ['answered', 'completed'],
  ['completed', 'completed'],
  ['hangup', 'completed'],
  ['noanswer', 'no_answer'],
  ['notanswered', 'no_answer'],
  ['busy', 'busy'],
  ['cancel', 'canceled'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['failed', 'failed'],
  ['congestion', 'failed'],
  ['chanunavail', 'failed'],
]);

/** Every name of a field at the top and where the answers of San's API nest them. */
const anywhere = (...names: readonly string[]) =>
  names.flatMap((name) => [name, `data[${name}]`, `msg[${name}]`, `data[msg][${name}]`]);

/**
 * The callback of a call that was placed. Its fields are not documented, so this knows many names for each. Nothing is
 * signed: whoever knows the URL is believed.
 */
export const sanWebhook: WebhookReader<SanCredentials> = {
  verify: believed,

  parse(request: WebhookRequest, context: ParseContext): InboundEvent | null {
    const fields = new RequestFields(request);
    if (fields.isEmpty) return { kind: 'ping' };
    const callId = callIdIn(fields);
    if (callId === null) return null;
    const word = fields.first(...anywhere('call_status', 'callstatus', 'disposition', 'dialstatus', 'status', 'event'));
    const durationS = wholeSeconds(fields.first(...anywhere('billsec', 'duration', 'call_duration', 'callduration')));
    const status = word === null ? undefined : STATUSES.get(word.toLowerCase().replace(/[^a-z]/g, ''));
    if (!status) return { kind: 'other', type: word ?? 'unknown' };
    const country = context.country ?? DEFAULT_COUNTRY;
    return {
      kind: 'status',
      providerCallIds: [callId],
      direction: 'outbound',
      from: callParty(fields.first(...anywhere('caller_id', 'callerid', 'from', 'did')), country),
      to: callParty(fields.first(...anywhere('call_to', 'callto', 'to', 'destination')), country),
      status,
      occurredAt: null,
      answeredAt: null,
      endedAt: null,
      durationS,
      endReason: fields.first(...anywhere('hangup_cause', 'hangupcause', 'reason', 'cause')),
    };
  },
};

/** The query of our own URL may hold our name of the call, which is none of San's. */
function callIdIn(fields: RequestFields): string | null {
  const ids = anywhere('callid', 'call_id', 'uniqueid').map((name) => fields.first(name));
  return ids.find((id) => id !== null && !isId('call', id)) ?? null;
}
