import type { CallReport, CallStatus } from '../../contract/call';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { ListedCall } from '../../support/lost-call';
import { toE164 } from '../../support/phone-format';
import { exotelStatus } from './exotel.status';
import { fromIndianTime } from './exotel.time';

export interface ExotelCall extends ListedCall {
  /** Placed by the API, and not by a flow that dials on. */
  readonly isPlaced: boolean;
  readonly status: CallStatus;
  readonly durationS: number | null;
  readonly endedAt: number | null;
  readonly endReason: string | null;
}

/** How far a call's begin by Exotel's clock may be from ours for its times to be those of India. */
const SAME_ZONE_MS = 1_800_000;

/**
 * `Call` of an answer or an item of the list; `null` where that is not understood. Of a call that was placed, `From` is who was
 * dialled, and our number is in one of two fields, of which the first may hold an identifier instead.
 * Source: https://developer.exotel.com/docs/voice-v1/api-reference/call-details
 */
export function exotelCall(item: unknown, country: string): ExotelCall | null {
  if (!isRecord(item)) return null;
  const id = textOrNull(item, 'Sid');
  const word = textOrNull(item, 'Status');
  if (id === null || word === null) return null;
  const numberIn = (member: string) => toE164(textOrNull(item, member) ?? '', country);
  const status = readStatus(item, word);
  return {
    id,
    from: numberIn('PhoneNumberSid') ?? numberIn('To'),
    to: numberIn('From'),
    createdAt: fromIndianTime(textOrNull(item, 'DateCreated')),
    isPlaced: textOrNull(item, 'Direction') === 'outbound-api',
    status,
    durationS: status === 'completed' ? durationOf(item) : null,
    endedAt: fromIndianTime(textOrNull(item, 'EndTime')),
    endReason: isEnd(status) && status !== 'completed' ? word : null,
  };
}

/**
 * Exotel's times have no zone, and an account might have another than India's. When the call began is known to us, so its times
 * count if that agrees. When it was answered is not told.
 */
export function reportOf(call: ExotelCall, startedAt: number): CallReport {
  const isIndian = call.createdAt !== null && Math.abs(call.createdAt - startedAt) <= SAME_ZONE_MS;
  return {
    kind: 'found',
    providerCallId: call.id,
    status: call.status,
    answeredAt: null,
    endedAt: isIndian && isEnd(call.status) ? call.endedAt : null,
    durationS: call.durationS,
    endReason: call.endReason,
  };
}

/** A word that is not known is none of an end, unless there was one. */
function readStatus(item: JsonRecord, word: string): CallStatus {
  return exotelStatus(word) ?? (fromIndianTime(textOrNull(item, 'EndTime')) === null ? 'initiated' : 'completed');
}

function isEnd(status: CallStatus): boolean {
  return status !== 'initiated' && status !== 'ringing' && status !== 'in_progress';
}

/** A call with one party has no conversation of two, but its leg has lasted; `Duration` may count more than either. */
function durationOf(item: JsonRecord): number | null {
  const { Details: details } = item;
  if (!isRecord(details)) return secondsIn(item, 'Duration');
  return secondsIn(details, 'ConversationDuration') || (legDuration(details) ?? secondsIn(item, 'Duration'));
}

function legDuration({ Legs: legs }: JsonRecord): number | null {
  const first: unknown = Array.isArray(legs) ? legs[0] : undefined;
  return isRecord(first) && isRecord(first.Leg) ? secondsIn(first.Leg, 'OnCallDuration') : null;
}

function secondsIn(record: JsonRecord, member: string): number | null {
  const value = record[member];
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,8}$/.test(text) ? Number(text) : null;
}
