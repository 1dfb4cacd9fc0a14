import type { CallStatus } from '../../contract/call';
import type { AboutCall, InboundEvent, WebhookReader, WebhookRequest } from '../../contract/webhook';
import { callParty } from '../../support/phone-format';
import type { PlivoCredentials } from './plivo.credentials';
import { verifyPlivoSignature } from './plivo.signature';
import { instantOf, isEnd, plivoStatus } from './plivo.status';

type Kind = 'call' | 'progress' | 'end';

/** The leg's own name, that of the request that placed it, and those of the first leg. */
const CALL_NAMES = ['CallUUID', 'RequestUUID', 'ALegUUID', 'ALegRequestUUID'] as const;

const KIND_OF_EVENT = new Map<string, Kind>([
  ['startapp', 'call'],
  ['redirect', 'call'],
  ['ring', 'progress'],
  ['hangup', 'end'],
]);

/** Sources: https://www.plivo.com/docs/voice/xml/request/ and https://www.plivo.com/docs/account/api/application */
export const plivoWebhook: WebhookReader<PlivoCredentials> = {
  verify: verifyPlivoSignature,
  parse: (request) => parseFields(fieldsOf(request)),
};

/** Of the body where one is posted, since the query behind our URL is then ours. */
function fieldsOf(request: WebhookRequest): URLSearchParams {
  if (request.method !== 'GET') return new URLSearchParams(request.rawBody.toString('utf8'));
  return new URLSearchParams(/\?([^#]*)/.exec(request.url)?.[1] ?? '');
}

function parseFields(fields: URLSearchParams): InboundEvent | null {
  const about = aboutCall(fields);
  if (!about) return null;
  const event = fields.get('Event');
  const word = fields.get('CallStatus');
  const kind = event ? KIND_OF_EVENT.get(event.toLowerCase()) : kindOfStatus(fields);
  if (kind === 'call') return { kind, ...about };
  const status = kind === 'end' ? endStatus(fields) : statusOf(fields);
  if (kind && status) return progress(fields, about, status);
  const type = event || word;
  return type ? { kind: 'other', type } : null;
}

/** Where no event is named: a call is asked about while it rings here, or once it has been picked up there. */
function kindOfStatus(fields: URLSearchParams): Kind {
  const status = statusOf(fields);
  if (fields.get('HangupCause') || fields.get('HangupCauseName')) return 'end';
  if (status === 'in_progress') return 'call';
  return status === 'ringing' && directionOf(fields) === 'inbound' ? 'call' : 'progress';
}

function statusOf(fields: URLSearchParams): CallStatus | undefined {
  return plivoStatus(fields.get('CallStatus') ?? '');
}

/** A call that was hung up has ended, whatever its status says. */
function endStatus(fields: URLSearchParams): CallStatus {
  const status = statusOf(fields);
  if (status && isEnd(status)) return status;
  return (durationOf(fields) ?? 0) > 0 ? 'completed' : 'failed';
}

function aboutCall(fields: URLSearchParams): AboutCall | null {
  const [first, ...others] = new Set(CALL_NAMES.flatMap((name) => fields.get(name) || []));
  if (!first) return null;
  return {
    providerCallIds: [first, ...others],
    direction: directionOf(fields),
    from: callParty(fields.get('From'), null),
    to: callParty(fields.get('To'), null),
  };
}

function directionOf(fields: URLSearchParams): 'inbound' | 'outbound' {
  return fields.get('Direction')?.toLowerCase() === 'outbound' ? 'outbound' : 'inbound';
}

function progress(fields: URLSearchParams, about: AboutCall, status: CallStatus): InboundEvent {
  const answeredAt = instantOf(fields.get('AnswerTime'));
  const endedAt = instantOf(fields.get('EndTime'));
  return {
    kind: 'status',
    ...about,
    status,
    occurredAt: isEnd(status) ? endedAt : status === 'in_progress' ? answeredAt : null,
    answeredAt,
    endedAt,
    durationS: durationOf(fields),
    endReason: fields.get('HangupCauseName') || fields.get('HangupCause') || fields.get('HangupCauseCode') || null,
  };
}

function durationOf(fields: URLSearchParams): number | null {
  const duration = fields.get('Duration') || fields.get('BillDuration') || '';
  return /^\d{1,8}$/.test(duration) ? Number(duration) : null;
}
