import type { CallStatus } from '../../contract/call';
import { type JsonRecord, textOrNull } from '../../support/json';

/** Source: https://developer.vonage.com/en/voice/voice-api/webhook-reference#event-webhook */
const STATUSES: Readonly<Record<string, CallStatus>> = {
  started: 'initiated',
  ringing: 'ringing',
  answered: 'in_progress',
  completed: 'completed',
  busy: 'busy',
  cancelled: 'canceled',
  failed: 'failed',
  rejected: 'failed',
  timeout: 'no_answer',
  unanswered: 'no_answer',
};

export function vonageStatus(word: string): CallStatus | undefined {
  return Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
}

export function isEnd(status: CallStatus): boolean {
  return status !== 'initiated' && status !== 'ringing' && status !== 'in_progress';
}

/** `detail`, which few ends have, or else the status where it is no plain end. */
export function endReasonOf(told: JsonRecord, status: CallStatus, word: string): string | null {
  if (!isEnd(status)) return null;
  return textOrNull(told, 'detail') ?? (status === 'completed' ? null : word);
}

/** Unix milliseconds of a time in ISO 8601, or in the older form without a zone, which is UTC. */
export function timeIn(told: JsonRecord, member: string): number | null {
  const text = textOrNull(told, member);
  if (text === null) return null;
  const ms = Date.parse(/^\d{4}-\d\d-\d\d[ T][\d:.]+$/.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(ms) ? null : ms;
}

export function wholeSeconds(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds) : null;
}
