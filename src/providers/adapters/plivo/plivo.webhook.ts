import type { CallStatus } from '../../contract/call';
import type { AboutCall, InboundEvent, WebhookReader, WebhookRequest } from '../../contract/webhook';
import { callParty } from '../../support/phone-format';
import type { PlivoCredentials } from './plivo.credentials';
import { verifyPlivoSignature } from './plivo.signature';

type Kind = 'call' | 'progress' | 'end';

/** The leg's own name, that of the request that placed it, and those of the first leg. */
const CALL_NAMES = ['CallUUID', 'RequestUUID', 'ALegUUID', 'ALegRequestUUID'] as const;

/**
 * `timeout` is what a call that was not picked up in time ends with.
 * Source: https://www.plivo.com/docs/voice/xml/request/call-status/
 */
const STATUSES = new Map<string, CallStatus>([
  ['ringing', 'ringing'],
  ['in-progress', 'in_progress'],
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['timeout', 'no_answer'],
  ['cancel', 'canceled'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['failed', 'failed'],
]);

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
  return STATUSES.get(fields.get('CallStatus')?.toLowerCase() ?? '');
}

/** A call that was hung up has ended, whatever its status says. */
function endStatus(fields: URLSearchParams): CallStatus {
  const status = statusOf(fields);
  if (status && isEnd(status)) return status;
  return (durationOf(fields) ?? 0) > 0 ? 'completed' : 'failed';
}

function isEnd(status: CallStatus): boolean {
  return status !== 'ringing' && status !== 'in_progress';
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

/**
 * Unix milliseconds of a time such as `2026-11-24 10:00:00+00:00`. Plivo's times may be in the zone that is set in the
 * account's console, so that one without an offset says nothing.
 * Source: https://www.plivo.com/docs/voice/api/call/the-call-object/
 */
function instantOf(text: string | null): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d:?\d\d)$/.exec(text ?? '');
  const [, date, time, zone] = parts ?? [];
  const instant = Date.parse(`${date}T${time}${zone?.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(instant) ? null : instant;
}
