import type { CallStatus } from '../../contract/call';

const STATUSES: Readonly<Record<string, CallStatus>> = {
  queued: 'initiated',
  initiated: 'initiated',
  ringing: 'ringing',
  answered: 'in_progress',
  'in-progress': 'in_progress',
  completed: 'completed',
  busy: 'busy',
  'no-answer': 'no_answer',
  failed: 'failed',
  canceled: 'canceled',
  cancelled: 'canceled',
};

/**
 * Telnyx's word in ours; `undefined` for one that is not known.
 * Sources: https://developers.telnyx.com/api-reference/callbacks/texml-call-initiated, the pages beside it, and
 * https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-a-call
 */
export function statusOf(word: string): CallStatus | undefined {
  return Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
}

/**
 * UTC, as `2024-01-15T10:30:00Z` or, in older examples, `2021-04-28 21:51:18.731479Z`; calls that are read have RFC 2822, as
 * callbacks may have by their documentation.
 */
export function timeOf(text: string | null): number | null {
  if (text === null) return null;
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)/.exec(text) ?? [];
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const ms = Date.parse(
    day && time ? `${day}T${time}${hasZone ? text.slice(day.length + 1 + time.length) : 'Z'}` : text,
  );
  return Number.isNaN(ms) ? null : ms;
}

/** Whole seconds, as text. */
export function secondsOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
