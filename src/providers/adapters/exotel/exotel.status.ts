import type { CallStatus } from '../../contract/call';

/** Words of `Status`, `CallStatus` and `Stream[Status]`. */
const STATUSES: ReadonlyMap<string, CallStatus> = new Map([
  ['queued', 'initiated'],
  ['ringing', 'ringing'],
  ['in-progress', 'in_progress'],
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
]);

export function exotelStatus(text: string): CallStatus | undefined {
  return STATUSES.get(exotelWord(text));
}

/** `In Progress` and `in_progress` as `in-progress`. */
export function exotelWord(text: string | null): string {
  return (text ?? '').toLowerCase().replace(/[\s_]+/g, '-');
}
