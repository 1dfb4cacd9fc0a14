import { isRecord, type JsonRecord, textOrNull } from '../../support/json';

/** Those of numbers that the account holds no more, or never got. */
const GONE = ['deleted', 'ported-out', 'purchase-failed', 'port-failed'];

/** An item of `/phone_numbers`, as far as calls go. */
export interface TelnyxNumber {
  /** Digits, too many for a JavaScript number. */
  readonly id: string;
  readonly phoneNumber: string;
  /** The application or SIP connection that takes its calls. */
  readonly connectionId: string | null;
  readonly status: string;
}

/** The item in an answer of Telnyx's, or `null` where it is none. */
export function parseTelnyxNumber(item: unknown): TelnyxNumber | null {
  if (!isRecord(item)) return null;
  const id = textOrNull(item, 'id');
  const phoneNumber = textOrNull(item, 'phone_number');
  const status = textOrNull(item, 'status');
  if (id === null || phoneNumber === null || status === null) return null;
  return { id, phoneNumber, status, connectionId: textOrNull(item, 'connection_id') };
}

export function isHeld({ status }: TelnyxNumber): boolean {
  return !GONE.includes(status);
}

/** Why calls would not reach the number's connection, whichever it is; `null` where they would. */
export function obstacle(number: TelnyxNumber, voice: JsonRecord): string | null {
  if (number.status !== 'active') {
    const status = /^[a-z-]{1,40}$/.test(number.status) ? number.status : 'unknown';
    return `the number is not active at Telnyx (${status}), and takes no calls until it is`;
  }
  if (isForwarded(voice.call_forwarding)) {
    return 'call forwarding is set for the number at Telnyx, which takes its calls elsewhere; switch it off first';
  }
  if (textOrNull(voice, 'translated_number') !== null) {
    return 'the number has a translated number at Telnyx, in whose name its calls arrive; remove it first';
  }
  return null;
}

/**
 * The flag alone forwards nothing, and is set by default: it takes a number to forward to and a type. Of the types,
 * `on-failure` only takes the calls that could not be delivered.
 * Source: `resources/phone-numbers/voice.d.ts` of the `telnyx` SDK
 */
function isForwarded(forwarding: unknown): boolean {
  if (!isRecord(forwarding) || forwarding.call_forwarding_enabled === false) return false;
  const type = textOrNull(forwarding, 'forwarding_type');
  return textOrNull(forwarding, 'forwards_to') !== null && type !== null && type !== 'on-failure';
}
