import type { CallReport, CallStatus } from '../../contract/call';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { ListedCall } from '../../support/lost-call';

/** Of a disconnect's cause; the list may grow, so what is not in it has failed. */
const STATUS_OF_CAUSE: Readonly<Record<string, CallStatus>> = {
  hangup: 'completed',
  busy: 'busy',
  timeout: 'no_answer',
  cancel: 'canceled',
};

export interface BandwidthCall extends ListedCall {
  /** Placed by the API, and not by an answer of ours that transfers. */
  readonly isPlaced: boolean;
  readonly report: CallReport;
}

/**
 * A call's state; `null` where it is not understood. Of an outbound call that was dialled it is not told whether it rings.
 * "Your application must be tolerant of unknown values" of `state`: where the word is not known, the times say how far it is.
 * Source: `callState` in node_modules/bandwidth-sdk/bandwidth.yml
 */
export function bandwidthCall(item: unknown): BandwidthCall | null {
  const id = isRecord(item) ? textOrNull(item, 'callId') : null;
  if (!isRecord(item) || id === null) return null;
  const direction = item.direction === 'outbound' ? 'outbound' : 'inbound';
  const answeredAt = timeOf(item, 'answerTime');
  const endedAt = timeOf(item, 'endTime');
  const isOver = item.state === 'disconnected' || endedAt !== null;
  const cause = textOrNull(item, 'disconnectCause');
  const isAnswered = item.state === 'answered' || answeredAt !== null;
  return {
    id,
    from: textOrNull(item, 'from'),
    to: textOrNull(item, 'to'),
    createdAt: timeOf(item, 'enqueuedTime') ?? timeOf(item, 'startTime'),
    isPlaced: direction === 'outbound' && textOrNull(item, 'parentCallId') === null,
    report: {
      kind: 'found',
      providerCallId: id,
      status: isOver ? statusOfCause(cause, direction) : isAnswered ? 'in_progress' : 'initiated',
      answeredAt,
      endedAt,
      durationS: conversation(answeredAt, endedAt),
      endReason: cause,
    },
  };
}

/** A callee who declines has the same as a busy one, for which there is no word of its own. */
export function statusOfCause(cause: string | null, direction: 'inbound' | 'outbound'): CallStatus {
  if (cause === null) return 'failed';
  if (cause === 'rejected') return direction === 'outbound' ? 'busy' : 'failed';
  return Object.hasOwn(STATUS_OF_CAUSE, cause) ? (STATUS_OF_CAUSE[cause] ?? 'failed') : 'failed';
}

/** In whole seconds; `null` where it is not told. */
export function conversation(answeredAt: number | null, endedAt: number | null): number | null {
  return answeredAt === null || endedAt === null ? null : Math.max(0, Math.round((endedAt - answeredAt) / 1000));
}

export function timeOf(record: JsonRecord, member: string): number | null {
  const time = Date.parse(textOrNull(record, member) ?? '');
  return Number.isNaN(time) ? null : time;
}
