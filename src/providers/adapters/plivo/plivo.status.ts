import type { CallStatus } from '../../contract/call';

/**
 * `timeout` is what a call that was not picked up in time ends with.
 * Source: https://www.plivo.com/docs/voice/xml/request/call-status/
 */
const STATUSES = new Map<string, CallStatus>([
  ['ringing', 'ringing'],
  ['in-progress', 'in_progress'],
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no_answer'],
  ['timeout', 'no_answer'],
  ['cancel', 'canceled'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['failed', 'failed'],
]);

export function plivoStatus(word: string): CallStatus | undefined {
  return STATUSES.get(word.toLowerCase());
}

export function isEnd(status: CallStatus): boolean {
  return status !== 'initiated' && status !== 'ringing' && status !== 'in_progress';
}

/**
 * Unix milliseconds of a time such as `2026-11-24 10:00:00+00:00`. Plivo's times may be in the zone that is set in the
 * account's console, so that one without an offset says nothing.
 * Source: https://www.plivo.com/docs/voice/api/call/the-call-object/
 */
export function instantOf(text: string | null): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|[+-]\d\d:?\d\d)$/.exec(text ?? '');
  const [, date, time, zone] = parts ?? [];
  const instant = Date.parse(`${date}T${time}${zone?.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(instant) ? null : instant;
}
