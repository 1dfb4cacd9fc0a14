import type { CallReport, CallStatus } from '../../contract/call';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { ListedCall } from '../../support/lost-call';
import { secondsOf, statusOf, timeOf } from './twilio.call-status';

export interface TwilioCall extends ListedCall {
  /** Placed by the API, and not by an answer of ours that dials on. */
  readonly isPlaced: boolean;
  readonly report: CallReport;
}

/**
 * A call as `Calls` shows it; `null` where that is not understood. `start_time` is when it was dialled, not when it was
 * answered, which is not told; `duration` is of the conversation, as it is empty for calls that nobody answered.
 * Source: https://www.twilio.com/docs/voice/api/call-resource#call-properties
 */
export function twilioCall(item: unknown): TwilioCall | null {
  const id = isRecord(item) ? textOrNull(item, 'sid') : null;
  const word = isRecord(item) ? textOrNull(item, 'status') : null;
  if (!isRecord(item) || id === null || word === null) return null;
  const status = statusOf(word) ?? unknownStatus(item);
  return {
    id,
    from: textOrNull(item, 'from'),
    to: textOrNull(item, 'to'),
    createdAt: timeOf(textOrNull(item, 'date_created')) ?? timeOf(textOrNull(item, 'start_time')),
    isPlaced: item.direction === 'outbound-api',
    report: {
      kind: 'found',
      providerCallId: id,
      status,
      answeredAt: null,
      endedAt: timeOf(textOrNull(item, 'end_time')),
      durationS: status === 'completed' ? secondsOf(textOrNull(item, 'duration')) : null,
      endReason: null,
    },
  };
}

/** The time of the end is "empty if the call did not complete successfully"; a call without one is under way. */
function unknownStatus(item: JsonRecord): CallStatus {
  return textOrNull(item, 'end_time') === null ? 'initiated' : 'completed';
}
