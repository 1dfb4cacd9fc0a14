import { createHash } from 'node:crypto';
import { BadInput } from '../core/input';

/** How Exotel writes a number in `phone_number`: the documentation has E.164, live accounts also `0` and ten digits. */
export type ExotelNotation = 'e164' | 'national';

/** An ExoPhone. */
export interface ExotelNumber {
  /** E.164, whatever the notation on the wire. */
  phone_number: string;
  notation: ExotelNotation;
  sid: string;
  friendly_name: string;
  /** A flow of this account, or `''`. */
  voice_url: string;
  sms_url: string | null;
}

export type ExotelNumberSeed = Pick<ExotelNumber, 'phone_number'> & Partial<ExotelNumber>;

/** The numbers of a range come in both notations, as those of a live account do. */
export function defaultNotation(e164: string): ExotelNotation {
  return isIndian(e164) && Number(e164.at(-1)) % 2 === 1 ? 'national' : 'e164';
}

/** A sid is the number itself for some ExoPhones and 32 hexadecimal digits for others, both seen in the documentation. */
export function numberSid(accountSid: string, e164: string, notation: ExotelNotation): string {
  if (notation === 'national') return nationalOf(e164);
  return createHash('md5').update(`${accountSid}${e164}`).digest('hex');
}

export function isIndian(e164: string): boolean {
  return /^\+91\d{10}$/.test(e164);
}

/** `0` and ten digits for a number of India, which is how Exotel tells a call's parties; others stay E.164. */
export function nationalOf(e164: string): string {
  return isIndian(e164) ? `0${e164.slice(3)}` : e164;
}

/**
 * The E.164 form of a number that a client has sent: E.164, or of India with `0`, with `91` or with nothing in front.
 * `undefined` where it is none.
 */
export function e164From(text: string): string | undefined {
  const number = text.replace(/[\s-]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(number)) return number;
  const ten = /^(?:0|91)?([1-9]\d{9})$/.exec(number)?.[1];
  return ten && `+91${ten}`;
}

/** @throws BadInput for a notation that only numbers of India have */
export function checkNotation(number: ExotelNumber): void {
  if (number.notation === 'national' && !isIndian(number.phone_number)) {
    throw new BadInput(`${number.phone_number} is not of India and so has no national notation`);
  }
}

export function numberResource(number: ExotelNumber): Record<string, unknown> {
  return {
    sid: number.sid,
    phone_number: number.notation === 'national' ? nationalOf(number.phone_number) : number.phone_number,
    friendly_name: number.friendly_name,
    capabilities: { voice: true, sms: true },
    country: isIndian(number.phone_number) ? 'IN' : null,
    region: isIndian(number.phone_number) ? 'KA' : null,
    voice_url: number.voice_url,
    sms_url: number.sms_url,
  };
}
