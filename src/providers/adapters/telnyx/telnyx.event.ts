import type { CallStatus } from '../../contract/call';
import type { AboutCall, CallProgressed, InboundEvent, WebhookRequest } from '../../contract/webhook';
import { isRecord, textOrNull } from '../../support/json';
import { callParty } from '../../support/phone-format';
import { secondsOf, statusOf, timeOf } from './telnyx.call-status';

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
  const status = statusOf(word);
  const source = get('CallbackSource');
  if (source !== null && source !== PROGRESS) return { kind: 'other', type: source };
  // Nobody is asked for instructions once the call is over, so this is a callback whatever it lacks.
  const isCallback = source === PROGRESS || (status !== undefined && ENDS.includes(status));
  if (!isCallback) return { kind: 'call', ...about };
  return status === undefined ? { kind: 'other', type: word || PROGRESS } : progress(about, status, get);
}

function progress(about: AboutCall, status: CallStatus, get: (name: string) => string | null): CallProgressed {
  const isEnd = ENDS.includes(status);
  return {
    kind: 'status',
    ...about,
    status,
    occurredAt: timeOf(get('OccurredAt') ?? get('Timestamp')),
    answeredAt: timeOf(get('AnsweredTime')),
    endedAt: isEnd ? timeOf(get('EndTime')) : null,
    durationS: status === 'completed' ? secondsOf(get('CallDuration')) : null,
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
