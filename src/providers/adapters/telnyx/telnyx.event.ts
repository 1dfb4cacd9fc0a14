import type { CallStatus } from '../../contract/call';
import type { AboutCall, CallProgressed, InboundEvent, WebhookRequest } from '../../contract/webhook';
import { isRecord, textOrNull } from '../../support/json';
import { callParty } from '../../support/phone-format';

/** Sources: https://developers.telnyx.com/api-reference/callbacks/texml-call-initiated and the pages beside it */
const STATUSES: Readonly<Record<string, CallStatus>> = {
  queued: 'initiated',
  initiated: 'initiated',
  ringing: 'ringing',
  answered: 'in_progress',
  'in-progress': 'in_progress',
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'no_answer',
  failed: 'failed',
  canceled: 'canceled',
  cancelled: 'canceled',
};
const ENDS: readonly CallStatus[] = ['completed', 'busy', 'no_answer', 'failed', 'canceled'];
const PROGRESS = 'call-progress-events';

/**
 * A request about a TeXML call, a form; `null` for anything else, but for what a Call Control application would be told.
 * Sources: https://developers.telnyx.com/docs/voice/programmable-voice/texml-instruction-fetching and those of the statuses
 */
export function parseEvent(request: WebhookRequest): InboundEvent | null {
  const fields = fieldsOf(request);
  if (!fields) return null;
  const get = (name: string) => fields.get(name) || null;
  const callSid = get('CallSid') ?? get('CallSidLegacy');
  if (callSid === null) return otherEvent(request.rawBody);

  const parent = get('ParentCallSid');
  if (parent !== null && parent !== callSid) return { kind: 'other', type: 'dialled_leg' };
  const names = [callSid, get('CallSidLegacy'), get('CallControlId'), get('CallLegId')].filter((name) => name !== null);
  const about: AboutCall = {
    providerCallIds: [callSid, ...new Set(names.filter((name) => name !== callSid))],
    direction: /^out/i.test(get('Direction') ?? '') ? 'outbound' : 'inbound',
    from: callParty(get('From'), null),
    to: callParty(get('To'), null),
  };

  const word = get('CallStatus')?.toLowerCase() ?? '';
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  const source = get('CallbackSource');
  if (source !== null && source !== PROGRESS) return { kind: 'other', type: source };
  // Nobody is asked for instructions once the call is over, so this is a callback whatever it lacks.
  const isCallback = source === PROGRESS || (status !== undefined && ENDS.includes(status));
  if (!isCallback) return { kind: 'call', ...about };
  return status === undefined ? { kind: 'other', type: word || PROGRESS } : progress(about, status, get);
}

function progress(about: AboutCall, status: CallStatus, get: (name: string) => string | null): CallProgressed {
  const isEnd = ENDS.includes(status);
  const duration = get('CallDuration');
  return {
    kind: 'status',
    ...about,
    status,
    occurredAt: timeOf(get('OccurredAt') ?? get('Timestamp')),
    answeredAt: timeOf(get('AnsweredTime')),
    endedAt: isEnd ? timeOf(get('EndTime')) : null,
    durationS: status === 'completed' && duration !== null && /^\d{1,9}$/.test(duration) ? Number(duration) : null,
    endReason: isEnd ? get('HangupCause') : null,
  };
}

function fieldsOf({ method, url, rawBody }: WebhookRequest): URLSearchParams | null {
  if (method === 'POST') return new URLSearchParams(rawBody.toString('utf8'));
  if (method !== 'GET' || !URL.canParse(url)) return null;
  return new URL(url).searchParams;
}

function otherEvent(rawBody: Buffer): InboundEvent | null {
  try {
    const body: unknown = JSON.parse(rawBody.toString('utf8'));
    const type = isRecord(body) && isRecord(body.data) ? textOrNull(body.data, 'event_type') : null;
    return type === null ? null : { kind: 'other', type };
  } catch {
    return null;
  }
}

/** UTC, as `2024-01-15T10:30:00Z` or, in older examples, `2021-04-28 21:51:18.731479Z`; documented as RFC 2822 as well. */
function timeOf(text: string | null): number | null {
  if (text === null) return null;
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)/.exec(text) ?? [];
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const ms = Date.parse(
    day && time ? `${day}T${time}${hasZone ? text.slice(day.length + 1 + time.length) : 'Z'}` : text,
  );
  return Number.isNaN(ms) ? null : ms;
}
