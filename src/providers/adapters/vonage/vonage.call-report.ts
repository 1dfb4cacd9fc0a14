import type { CallReport, CallStatus } from '../../contract/call';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { ListedCall } from '../../support/lost-call';
import { endReasonOf, timeIn, vonageStatus, wholeSeconds } from './vonage.status';

export interface VonageCall extends ListedCall {
  readonly conversationId: string | null;
  readonly isOutbound: boolean;
  readonly report: CallReport;
}

/**
 * A call leg as `v1/calls` shows it; `null` where that is not understood. Times and duration are there once it is completed, and
 * its start is that of the conversation, since that is how long it has lasted.
 * Source: https://developer.vonage.com/en/api/voice#getCall
 */
export function vonageCall(item: unknown): VonageCall | null {
  if (!isRecord(item)) return null;
  const id = textOrNull(item, 'uuid');
  const word = textOrNull(item, 'status');
  if (id === null || word === null) return null;
  const status = readStatus(item, word);
  return {
    id,
    from: numberIn(item.from),
    to: numberIn(item.to),
    createdAt: timeIn(item, 'start_time'),
    conversationId: textOrNull(item, 'conversation_uuid'),
    isOutbound: item.direction === 'outbound',
    report: { kind: 'found', providerCallId: id, status, ...figures(item, status, word) },
  };
}

/** A voicemail that has been detected is a call under way. A word that is not known is none of an end, unless there was one. */
function readStatus(item: JsonRecord, word: string): CallStatus {
  if (word === 'machine') return 'in_progress';
  return vonageStatus(word) ?? (timeIn(item, 'end_time') === null ? 'initiated' : 'completed');
}

function figures(item: JsonRecord, status: CallStatus, word: string) {
  const durationS = status === 'completed' ? wholeSeconds(item.duration) : null;
  return {
    answeredAt: durationS ? timeIn(item, 'start_time') : null,
    endedAt: status === 'completed' ? timeIn(item, 'end_time') : null,
    durationS,
    endReason: endReasonOf(item, status, word),
  };
}

/** Of a phone; another endpoint has a URI or a user instead. */
function numberIn(endpoint: unknown): string | null {
  const one: unknown = Array.isArray(endpoint) ? endpoint[0] : endpoint;
  return isRecord(one) ? textOrNull(one, 'number') : null;
}
