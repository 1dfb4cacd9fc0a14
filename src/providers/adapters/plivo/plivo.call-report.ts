import type { CallReport, CallStatus } from '../../contract/call';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { ListedCall } from '../../support/lost-call';
import { instantOf, plivoStatus } from './plivo.status';

export interface PlivoCall extends ListedCall {
  /** That of the call and, while it is under way, that of the request that placed it. */
  readonly names: readonly string[];
  /** Placed by the API, and not by an answer that dials on. */
  readonly isPlaced: boolean;
  readonly report: CallReport;
}

/** What a call that nobody answered has ended with, by Plivo's name of the cause. */
const UNANSWERED: readonly (readonly [RegExp, CallStatus])[] = [
  [/busy/i, 'busy'],
  [/no answer|timeout/i, 'no_answer'],
  [/cancel/i, 'canceled'],
];

/**
 * A queued or live call; `null` where that is not understood. A call of the queue has not begun. Words that are not known are
 * none of an end, since such a call is neither queued nor live any more.
 * Sources: `GetLiveCallResponse` and `GetQueuedCallResponse` in `dist/resources/call.js` of the npm package plivo 4.79.0
 */
export function callUnderWay(item: unknown): PlivoCall | null {
  const id = isRecord(item) ? textOrNull(item, 'call_uuid') : null;
  if (!isRecord(item) || id === null) return null;
  const request = textOrNull(item, 'request_uuid');
  return {
    id,
    from: textOrNull(item, 'from'),
    to: textOrNull(item, 'to'),
    createdAt: instantOf(`${textOrNull(item, 'session_start')}Z`),
    names: request === null ? [id] : [id, request],
    isPlaced: item.direction === 'outbound' && request !== null,
    report: {
      kind: 'found',
      providerCallId: id,
      status: plivoStatus(textOrNull(item, 'call_status') ?? '') ?? 'initiated',
      answeredAt: null,
      endedAt: null,
      durationS: null,
      endReason: null,
    },
  };
}

/**
 * The record of a call that is over; `null` where that is not understood. `call_duration` counts from the answer, as
 * `bill_duration` does, of which `billed_duration` is whole minutes.
 * Source: https://docs.plivo.com/docs/voice/api/call/the-call-object/
 */
export function callRecord(item: unknown): PlivoCall | null {
  const id = isRecord(item) ? textOrNull(item, 'call_uuid') : null;
  if (!isRecord(item) || id === null) return null;
  const durationS = secondsIn(item, 'call_duration') ?? secondsIn(item, 'bill_duration');
  return {
    id,
    from: textOrNull(item, 'from_number'),
    to: textOrNull(item, 'to_number'),
    createdAt: instantOf(textOrNull(item, 'initiation_time')),
    names: [id],
    isPlaced: item.call_direction === 'outbound' && textOrNull(item, 'parent_call_uuid') === null,
    report: {
      kind: 'found',
      providerCallId: id,
      status: endOf(item, durationS),
      answeredAt: instantOf(textOrNull(item, 'answer_time')),
      endedAt: instantOf(textOrNull(item, 'end_time')),
      durationS,
      endReason: textOrNull(item, 'hangup_cause_name') ?? codeOf(item),
    },
  };
}

/** Records have no status word. Who calls us and hangs up before the answer has hung up normally. */
function endOf(item: JsonRecord, durationS: number | null): CallStatus {
  const wasAnswered = textOrNull(item, 'answer_time') !== null || item.call_state === 'ANSWER';
  if (wasAnswered || (durationS ?? 0) > 0) return 'completed';
  const cause = textOrNull(item, 'hangup_cause_name') ?? '';
  const known = UNANSWERED.find(([words]) => words.test(cause))?.[1];
  if (known) return known;
  return item.call_direction === 'inbound' && /normal/i.test(cause) ? 'canceled' : 'failed';
}

function secondsIn(item: JsonRecord, member: string): number | null {
  const value = item[member];
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,8}$/.test(text) ? Number(text) : null;
}

function codeOf({ hangup_cause_code: code }: JsonRecord): string | null {
  return typeof code === 'number' ? String(code) : null;
}
