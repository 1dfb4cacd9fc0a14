import type { CallReport, CallStatus } from '../../contract/call';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { ListedCall } from '../../support/lost-call';
import { secondsOf, statusOf, timeOf } from './telnyx.call-status';

export interface TelnyxCall extends ListedCall {
  readonly isOutbound: boolean;
  readonly report: CallReport;
}

/**
 * A call as the routes of TeXML show it; `null` where that is not understood. When it was answered is not told. `duration`
 * is taken to be of the conversation, as the callbacks' `CallDuration` is.
 * Source: https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-a-call
 */
export function texmlCall(item: unknown): TelnyxCall | null {
  const id = isRecord(item) ? textOrNull(item, 'sid') : null;
  const word = isRecord(item) ? textOrNull(item, 'status') : null;
  if (!isRecord(item) || id === null || word === null) return null;
  const endedAt = timeOf(textOrNull(item, 'end_time'));
  const status: CallStatus = statusOf(word) ?? (endedAt === null ? 'initiated' : 'completed');
  return {
    id,
    from: textOrNull(item, 'from'),
    to: textOrNull(item, 'to'),
    createdAt: timeOf(textOrNull(item, 'date_created')) ?? timeOf(textOrNull(item, 'start_time')),
    isOutbound: item.direction === 'outbound',
    report: {
      kind: 'found',
      providerCallId: id,
      status,
      answeredAt: null,
      endedAt,
      durationS: status === 'completed' ? secondsOf(textOrNull(item, 'duration')) : null,
      endReason: null,
    },
  };
}

/**
 * What Call Control tells of a call: whether it is alive, when it ended and how long it took, but not how far it is. An end is
 * believed only with its time, as a call is also shown as not alive where it has just been dialled.
 * Source: https://developers.telnyx.com/api-reference/call-information/retrieve-a-call-status
 */
export function controlledCall(id: string, data: JsonRecord): CallReport {
  const endedAt = data.is_alive === false ? timeOf(textOrNull(data, 'end_time')) : null;
  const seconds = typeof data.call_duration === 'number' ? Math.round(data.call_duration) : 0;
  const wasAnswered = endedAt !== null && seconds > 0;
  const end: CallStatus = wasAnswered ? 'completed' : 'failed';
  return {
    kind: 'found',
    providerCallId: id,
    status: endedAt === null ? 'initiated' : end,
    answeredAt: null,
    endedAt,
    durationS: wasAnswered ? seconds : null,
    endReason: null,
  };
}
