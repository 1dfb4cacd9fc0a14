import type { CallStatus } from '../../contract/call';
import type { CallProgressed, InboundEvent, WebhookRequest } from '../../contract/webhook';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import { callParty } from '../../support/phone-format';
import { endReasonOf, isEnd, timeIn, vonageStatus, wholeSeconds } from './vonage.status';

/** Members that only events without a status have, with a name for each such event. */
const MARKERS = {
  recording_url: 'record',
  dtmf: 'input',
  speech: 'input',
  conversation_uuid_to: 'transfer',
  payload: 'notify',
  reason: 'error',
} as const;

/**
 * Reads both webhooks: the answer webhook, which has no status, and the event webhook. Only a leg's own identifier counts:
 * `conversation_uuid` is shared with the legs that an answer opens, whose ends are not the end of the call.
 */
export function parseVonageWebhook(request: WebhookRequest): InboundEvent | null {
  const told = dataOf(request);
  if (!told) return null;
  const status = textOrNull(told, 'status');
  if (status !== null) return progress(told, status);
  const marker = Object.entries(MARKERS).find(([member]) => told[member] !== undefined);
  if (marker) return { kind: 'other', type: marker[1] };
  const id = textOrNull(told, 'uuid');
  if (id === null || textOrNull(told, 'to') === null) return null;
  return { kind: 'call', providerCallIds: [id], direction: directionOf(told), ...parties(told) };
}

function progress(told: JsonRecord, word: string): InboundEvent | null {
  const status = vonageStatus(word);
  if (status === undefined) return { kind: 'other', type: word };
  const id = textOrNull(told, 'uuid') ?? textOrNull(told, 'call_uuid');
  if (id === null) return null;
  // A leg to the agent's stream or SIP address, opened by our answer.
  if (/^(wss?|sips?):/i.test(textOrNull(told, 'to') ?? '')) return { kind: 'other', type: `leg ${word}` };
  return {
    kind: 'status',
    providerCallIds: [id],
    direction: directionOf(told),
    ...parties(told),
    status,
    ...timesOf(told, status),
    endReason: endReasonOf(told, status, word),
  };
}

function timesOf(
  told: JsonRecord,
  status: CallStatus,
): Pick<CallProgressed, 'occurredAt' | 'answeredAt' | 'endedAt' | 'durationS'> {
  const occurredAt = timeIn(told, 'timestamp');
  const durationS = wholeSeconds(told.duration);
  const conversed = status === 'completed' && durationS !== null && durationS > 0;
  return {
    occurredAt,
    answeredAt: status === 'in_progress' ? occurredAt : conversed ? timeIn(told, 'start_time') : null,
    endedAt: isEnd(status) ? (timeIn(told, 'end_time') ?? occurredAt) : null,
    durationS,
  };
}

/** Numbers are international without `+`, so no country is of use. */
function parties(told: JsonRecord): { from: string | null; to: string | null } {
  return { from: callParty(textOrNull(told, 'from'), null), to: callParty(textOrNull(told, 'to'), null) };
}

/** The answer webhook does not tell; the URL that was asked does. */
function directionOf(told: JsonRecord): 'inbound' | 'outbound' {
  return told.direction === 'outbound' ? 'outbound' : 'inbound';
}

function dataOf({ method, url, rawBody }: WebhookRequest): JsonRecord | null {
  if (method.toUpperCase() === 'GET') return URL.canParse(url) ? Object.fromEntries(new URL(url).searchParams) : null;
  try {
    const body: unknown = JSON.parse(rawBody.toString('utf8'));
    return isRecord(body) ? body : null;
  } catch {
    return null;
  }
}
