import type { CurrentRoute, OwnedNumber, RouteSnapshot } from '../../contract/route';
import { isRecord, textOrNull } from '../../support/json';
import { toE164 } from '../../support/phone-format';
import type { ExotelCredentials } from './exotel.credentials';

/** Exotel is an Indian vendor, whose accounts also list numbers in national form. */
export const DEFAULT_COUNTRY = 'IN';

/** An ExoPhone. */
export interface ExotelNumber {
  /** A hash, or the number itself in national form. */
  readonly sid: string;
  /** As listed: E.164 or national. */
  readonly listed: string;
  readonly voiceUrl: string | null;
}

/** The item in an answer of Exotel's, or `null` where it is none. */
export function parseExotelNumber(item: unknown): ExotelNumber | null {
  if (!isRecord(item)) return null;
  const sid = textOrNull(item, 'sid');
  const listed = textOrNull(item, 'phone_number');
  return sid === null || listed === null ? null : { sid, listed, voiceUrl: textOrNull(item, 'voice_url') };
}

/** `null` for a number that has no E.164 form, such as a short code. */
export function ownedNumber(number: ExotelNumber, { country }: ExotelCredentials): OwnedNumber | null {
  const phoneNumber = toE164(number.listed, country ?? DEFAULT_COUNTRY);
  return phoneNumber === null ? null : { phoneNumber, providerNumberId: number.sid };
}

/**
 * The flow as a number's `VoiceUrl` and a call's `Url` name it, the same for both regions.
 * Source: https://developer.exotel.com/api/assign-number-to-a-flow
 */
export function flowUrl(accountSid: string, appId: string): string {
  return `http://my.exotel.com/${accountSid}/exoml/start_voice/${appId}`;
}

/**
 * Whether a `voice_url` is the flow `appId`. Exotel shows it under other hosts and schemes than it was set with
 * (`https://my.mum1.exotel.com/…`, `http://my.exotel.in/…`), and its newer pages write it without the account
 * (`https://my.exotel.com/exoml/start/926`).
 */
export function isFlow(voiceUrl: string | null, accountSid: string, appId: string | undefined): boolean {
  if (!appId || !voiceUrl || !URL.canParse(voiceUrl)) return false;
  const { hostname, pathname } = new URL(voiceUrl);
  const [, account, app] = /^(?:\/([^/]+))?\/exoml\/start(?:_voice)?\/([^/]+)\/?$/.exec(pathname) ?? [];
  const isExotel = /(^|\.)exotel\.(com|in)$/.test(hostname);
  return isExotel && app === appId && (account === undefined || account === accountSid);
}

export function currentRoute(number: ExotelNumber, credentials: ExotelCredentials): CurrentRoute {
  const snapshot: RouteSnapshot = { voice_url: number.voiceUrl };
  const reaches = isFlow(number.voiceUrl, credentials.account_sid, credentials.app_id);
  // What the flow does with a call is the customer's, and no API shows it.
  return { providerNumberId: number.sid, snapshot, matches: () => reaches };
}
