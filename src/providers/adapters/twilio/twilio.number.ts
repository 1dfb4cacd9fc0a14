import type { CurrentRoute, RouteSnapshot, RouteTarget } from '../../contract/route';
import { isRecord, textOrNull } from '../../support/json';

const ROUTE_MEMBERS = [
  'voice_url',
  'voice_method',
  'voice_fallback_url',
  'voice_fallback_method',
  'status_callback',
  'status_callback_method',
  'voice_application_sid',
  'trunk_sid',
  'voice_receive_mode',
] as const;

/** An item of IncomingPhoneNumbers, with what decides where its calls go. */
export interface TwilioNumber {
  /** `PN…`; a number that is released and bought again gets another. */
  readonly sid: string;
  readonly phoneNumber: string;
  readonly route: RouteSnapshot;
}

/** The item in an answer of Twilio's, or `null` where it is none. */
export function parseTwilioNumber(item: unknown): TwilioNumber | null {
  if (!isRecord(item)) return null;
  const sid = textOrNull(item, 'sid');
  const phoneNumber = textOrNull(item, 'phone_number');
  if (sid === null || phoneNumber === null) return null;
  return {
    sid,
    phoneNumber,
    route: Object.fromEntries(ROUTE_MEMBERS.map((member) => [member, textOrNull(item, member)])),
  };
}

/**
 * A trunk and an application each make Twilio ignore the number's URLs, and a number in fax mode takes no calls.
 * Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export function reaches(route: RouteSnapshot, target: RouteTarget): boolean {
  return (
    !route.trunk_sid &&
    !route.voice_application_sid &&
    route.voice_receive_mode !== 'fax' &&
    route.voice_url === target.answerUrl &&
    route.voice_method === 'POST' &&
    route.status_callback === target.statusUrl &&
    route.status_callback_method === 'POST'
  );
}

export function currentRoute(number: TwilioNumber): CurrentRoute {
  return {
    providerNumberId: number.sid,
    snapshot: number.route,
    matches: (target) => reaches(number.route, target),
  };
}

/** What to post so that calls reach `target`; an empty value clears what would override it. */
export function routeForm(target: RouteTarget): Record<string, string> {
  return {
    VoiceUrl: target.answerUrl,
    VoiceMethod: 'POST',
    VoiceFallbackUrl: '',
    StatusCallback: target.statusUrl,
    StatusCallbackMethod: 'POST',
    VoiceReceiveMode: 'voice',
    VoiceApplicationSid: '',
    TrunkSid: '',
  };
}

/**
 * What to post to put a former route back where `current` still shows `ours`; empty where nothing is ours any more. URLs
 * that were not set are cleared; methods and the receive mode cannot be empty and are left as they are. A trunk or an
 * application that somebody has set since stays, and of the former ones only the one that was set is sent, after the
 * URLs: setting either deletes the other, so an empty one sent along might undo it.
 */
export function restoreForm(
  former: RouteSnapshot | null,
  current: RouteSnapshot,
  ours: readonly RouteTarget[],
): Record<string, string> {
  const form: Record<string, string> = {};
  const put = (name: string, value: string | null | undefined) => {
    if (value) form[name] = value;
  };
  if (ours.some(({ statusUrl }) => statusUrl === current.status_callback)) {
    form.StatusCallback = former?.status_callback ?? '';
    put('StatusCallbackMethod', former?.status_callback_method);
  }
  if (ours.some(({ answerUrl }) => answerUrl === current.voice_url)) {
    form.VoiceUrl = former?.voice_url ?? '';
    put('VoiceMethod', former?.voice_method);
    put('VoiceFallbackUrl', former?.voice_fallback_url);
    put('VoiceFallbackMethod', former?.voice_fallback_method);
    put('VoiceReceiveMode', former?.voice_receive_mode);
    if (!current.trunk_sid && !current.voice_application_sid) {
      put(former?.trunk_sid ? 'TrunkSid' : 'VoiceApplicationSid', former?.trunk_sid ?? former?.voice_application_sid);
    }
  }
  return form;
}
