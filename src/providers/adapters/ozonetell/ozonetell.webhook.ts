import type { CallStatus } from '../../contract/call';
import type {
  AboutCall,
  CallProgressed,
  InboundEvent,
  ParseContext,
  WebhookReader,
  WebhookRequest,
} from '../../contract/webhook';
import { callParty } from '../../support/phone-format';
import { RequestFields, wholeSeconds } from '../../support/request-fields';
import { believed } from '../../support/unsigned-webhook';
import type { OzonetellCredentials } from './ozonetell.credentials';

const DEFAULT_COUNTRY = 'IN';

/** Events with which a call is over: the caller or KooKoo hung up, or our document did. */
const ENDS = new Set(['hangup', 'disconnect']);

/** Of the final record of an outbound call, letters only. */
const STATUSES: ReadonlyMap<string, CallStatus> = new Map([
  ['queued', 'initiated'],
  ['ringing', 'ringing'],
  ['answered', 'completed'],
  ['completed', 'completed'],
  ['notanswered', 'no_answer'],
  ['noanswer', 'no_answer'],
  ['busy', 'busy'],
  ['failed', 'failed'],
  ['cancelled', 'canceled'],
  ['canceled', 'canceled'],
]);

/** Of a record that has no status: https://www.itu.int/rec/T-REC-Q.850 */
const TELCO_CODES: ReadonlyMap<string, CallStatus> = new Map([
  ['16', 'completed'],
  ['17', 'busy'],
  ['18', 'no_answer'],
  ['19', 'no_answer'],
]);

/**
 * KooKoo's requests to the application URL and to the callback of an outbound call. Nothing is signed: whoever knows the
 * URL is believed.
 * Sources: http://www.kookoo.in/index.php/kookoo-docs/kookoorequest and, for what came later,
 * https://github.com/anoopk405/kookoo-voicebot
 */
export const ozonetellWebhook: WebhookReader<OzonetellCredentials> = {
  verify: believed,

  parse(request: WebhookRequest, context: ParseContext): InboundEvent | null {
    const fields = new RequestFields(request);
    const country = context.country ?? DEFAULT_COUNTRY;
    const event = fields.first('event');
    return event === null ? outboundRecord(fields, country) : applicationEvent(event, fields, country);
  },
};

function applicationEvent(event: string, fields: RequestFields, country: string): InboundEvent | null {
  const kind = event.toLowerCase();
  // The portal's "Test Application URL" sends the event alone.
  if (kind === 'newcall' && fields.first('sid', 'cid') === null) return { kind: 'ping' };
  const call = aboutCall(fields, country);
  if (!call) return null;
  if (kind === 'newcall') return { kind: 'call', ...call };
  // After a stream, a dialled party or keys the call is still up and asks how to go on, which is no news of it.
  if (!ENDS.has(kind)) return { kind: 'other', type: event };
  return progress(call, 'completed', {
    durationS: wholeSeconds(fields.first('callduration', 'total_call_duration')),
    endReason: fields.first('telco_code', 'process'),
  });
}

/** Of a call that we placed, KooKoo names the callee as the caller and our number as the one called. */
function aboutCall(fields: RequestFields, country: string): AboutCall | null {
  const ids = ['sid', 'ucid', 'outbound_sid'].map((name) => fields.first(name)).filter((id) => id !== null);
  const [first, ...rest] = new Set(ids);
  if (first === undefined) return null;
  const far = callParty(fields.first('cid_e164', 'cid', 'phone_no'), country);
  const own = callParty(fields.first('called_number', 'did'), country);
  const isOutbound = fields.first('outbound_sid') !== null;
  return {
    providerCallIds: [first, ...rest],
    direction: isOutbound ? 'outbound' : 'inbound',
    from: isOutbound ? own : far,
    to: isOutbound ? far : own,
  };
}

/** What the callback of an outbound call is told once it is over. */
function outboundRecord(fields: RequestFields, country: string): InboundEvent | null {
  const sid = fields.first('sid', 'ucid');
  const word = fields.first('status');
  if (sid === null) return null;
  const status = word === null ? statusByCode(fields) : STATUSES.get(word.toLowerCase().replace(/[^a-z]/g, ''));
  if (!status) return { kind: 'other', type: word ?? 'unknown' };
  const call: AboutCall = {
    providerCallIds: [sid],
    direction: 'outbound',
    from: callParty(fields.first('caller_id', 'did'), country),
    to: callParty(fields.first('phone_no'), country),
  };
  return progress(call, status, {
    durationS: wholeSeconds(fields.first('duration')),
    endReason: fields.first('status_details', 'telco_status', 'telco_code'),
  });
}

function statusByCode(fields: RequestFields): CallStatus | undefined {
  const code = fields.first('telco_code');
  const known = code === null ? undefined : TELCO_CODES.get(code);
  if (known) return known;
  if (fields.first('pick_time') !== null) return 'completed';
  return code === null ? undefined : 'failed';
}

/** KooKoo's times have no zone. */
function progress(
  call: AboutCall,
  status: CallStatus,
  details: Pick<CallProgressed, 'durationS' | 'endReason'>,
): CallProgressed {
  return { kind: 'status', ...call, status, occurredAt: null, answeredAt: null, endedAt: null, ...details };
}
