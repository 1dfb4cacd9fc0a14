import type { CallStatus } from '../../contract/call';

/** `initiated` and `answered` are told by callbacks alone; the others are the states of a call as well. */
const STATUSES: Readonly<Record<string, CallStatus | undefined>> = {
  queued: 'initiated',
  initiated: 'initiated',
  ringing: 'ringing',
  'in-progress': 'in_progress',
  answered: 'in_progress',
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'no_answer',
  failed: 'failed',
  canceled: 'canceled',
};

/**
 * Twilio's word in ours; `undefined` for one that is not known.
 * Source: https://www.twilio.com/docs/voice/api/call-resource#call-status-values
 */
export function statusOf(word: string): CallStatus | undefined {
  return Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
}

/** RFC 2822, such as `Thu, 30 Jul 2015 23:19:04 +0000`. */
export function timeOf(text: string | null): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}

/** Whole seconds. */
export function secondsOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
