import { SIM_CALL_ENDS, SimCall, SimCallStatus } from '../core/call';

/** https://www.twilio.com/docs/voice/api/call-resource#call-status-values */
const WORDS = {
  queued: 'queued',
  ringing: 'ringing',
  in_progress: 'in-progress',
  completed: 'completed',
  busy: 'busy',
  no_answer: 'no-answer',
  failed: 'failed',
  canceled: 'canceled',
} as const satisfies Record<SimCallStatus, string>;

/**
 * Twilio's word for how far a call is. One that was rejected without being busy ends as `no-answer`:
 * https://www.twilio.com/docs/voice/twiml/reject
 */
export function statusWord(call: SimCall, status: SimCallStatus = call.status): string {
  const isRejected = status === 'failed' && call.understood?.action === 'reject';
  return isRejected ? WORDS.no_answer : WORDS[status];
}

export function directionWord({ direction }: SimCall): 'inbound' | 'outbound-api' {
  return direction === 'inbound' ? 'inbound' : 'outbound-api';
}

/** Of the conversation, in whole seconds; 0 where nobody has answered. */
export function secondsOf({ answered_at: answered, ended_at: ended }: SimCall): number {
  return answered === null || ended === null ? 0 : Math.max(0, Math.round((ended - answered) / 1000));
}

export function isEnd(status: SimCallStatus): boolean {
  return SIM_CALL_ENDS.some((end) => end === status);
}
