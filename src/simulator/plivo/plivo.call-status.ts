import { SIM_CALL_ENDS, SimCall, SimCallStatus } from '../core/call';

/** Why a call has ended: https://www.plivo.com/docs/voice/troubleshooting/hangup-causes */
export interface HangupCause {
  readonly code: number;
  readonly name: string;
  readonly source: string;
  /** The telephone network's own word. */
  readonly cause: string;
}

/** "Canceled" has no status word of its own among those documented. */
const WORDS = {
  queued: 'queued',
  ringing: 'ringing',
  in_progress: 'in-progress',
  completed: 'completed',
  busy: 'busy',
  no_answer: 'no-answer',
  failed: 'failed',
  canceled: 'failed',
} as const satisfies Record<SimCallStatus, string>;

/** "CallStatus is set to completed for inbound calls", however they ended: https://www.plivo.com/docs/voice/xml/request */
export function statusWord({ direction }: SimCall, status: SimCallStatus): string {
  return isEnd(status) && direction === 'inbound' ? 'completed' : WORDS[status];
}

export function isEnd(status: SimCallStatus): boolean {
  return SIM_CALL_ENDS.some((end) => end === status);
}

/** Of the conversation, in whole seconds; 0 where nobody has answered. */
export function secondsOf({ answered_at: answered, ended_at: ended }: SimCall): number {
  return answered === null || ended === null ? 0 : Math.max(0, Math.round((ended - answered) / 1000));
}

/** Minutes begun, in seconds. */
export function billedSecondsOf(call: SimCall): number {
  return Math.ceil(secondsOf(call) / 60) * 60;
}

export function hangupCause(call: SimCall, status: SimCallStatus): HangupCause {
  const { understood } = call;
  switch (status) {
    case 'busy':
      return understood?.action === 'reject'
        ? { code: 3010, name: 'Busy Line', source: 'Answer XML', cause: 'USER_BUSY' }
        : { code: 3010, name: 'Busy Line', source: 'Carrier', cause: 'USER_BUSY' };
    case 'no_answer':
      return { code: 3000, name: 'No Answer', source: 'Carrier', cause: 'NO_ANSWER' };
    case 'canceled':
      return { code: 1000, name: 'Canceled', source: 'API Request', cause: 'ORIGINATOR_CANCEL' };
    case 'failed':
      return failure(call);
    case 'completed':
    case 'queued':
    case 'ringing':
    case 'in_progress':
      return completion(call);
  }
}

function failure({ understood, exchanges }: SimCall): HangupCause {
  if (understood?.action === 'reject') {
    return { code: 3020, name: 'Rejected', source: 'Answer XML', cause: 'CALL_REJECTED' };
  }
  const cause = 'NORMAL_CLEARING';
  if (understood?.action === 'invalid') {
    return /^7011 /.test(understood.error)
      ? { code: 7011, name: 'Error Reaching Answer URL', source: 'Error', cause }
      : { code: 8011, name: 'Invalid Answer XML', source: 'Error', cause };
  }
  return exchanges.some(({ purpose }) => purpose === 'document')
    ? { code: 7011, name: 'Error Reaching Answer URL', source: 'Error', cause }
    : { code: 2010, name: 'Destination Out Of Service', source: 'Carrier', cause: 'DESTINATION_OUT_OF_ORDER' };
}

function completion({ understood }: SimCall): HangupCause {
  const cause = 'NORMAL_CLEARING';
  const isOver = understood?.action === 'say' || understood?.action === 'hangup';
  return isOver
    ? { code: 4010, name: 'End Of XML Instructions', source: 'Plivo', cause }
    : { code: 4000, name: 'Normal Hangup', source: 'Caller', cause };
}

/** `2024-01-15 10:30:00` in a time zone, as callbacks tell times; empty where there is none. */
export function localTime(ms: number | null, timezone: string): string {
  return ms === null ? '' : new Date(ms).toLocaleString('sv-SE', { timeZone: timezone });
}

/** `2022-06-28 19:39:05+05:30`, as records tell times: https://docs.plivo.com/docs/voice/api/call/the-call-object/ */
export function zonedTime(ms: number | null, timezone: string): string | null {
  if (ms === null) return null;
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return `${localTime(ms, timezone)}${name.replace('GMT', '') || '+00:00'}`;
}

/** `2024-01-15 10:30:00.123000`, always in UTC. */
export function utcTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '000');
}
