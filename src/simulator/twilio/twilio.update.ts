import { TwilioError } from './twilio.errors';
import { rfc2822, TwilioNumber } from './twilio.number';

const URLS = {
  VoiceUrl: 'voice_url',
  VoiceFallbackUrl: 'voice_fallback_url',
  StatusCallback: 'status_callback',
} as const;
const METHODS = {
  VoiceMethod: 'voice_method',
  VoiceFallbackMethod: 'voice_fallback_method',
  StatusCallbackMethod: 'status_callback_method',
} as const;

const MAX_FRIENDLY_NAME = 64;

/**
 * Applies `POST IncomingPhoneNumbers/{Sid}.json`: only sent fields change, and nothing changes when one is refused.
 * An empty string clears a field. A field sent twice counts with its last value.
 */
export function updateNumber(number: TwilioNumber, form: URLSearchParams, now: number): TwilioError | undefined {
  const sent = Object.fromEntries(form);
  const error = firstError(sent);
  if (error) return error;

  for (const [parameter, member] of Object.entries(URLS)) {
    if (sent[parameter] !== undefined) number[member] = sent[parameter];
  }
  for (const [parameter, member] of Object.entries(METHODS)) {
    if (sent[parameter] !== undefined) number[member] = sent[parameter].toUpperCase();
  }
  if (sent.FriendlyName !== undefined) number.friendly_name = sent.FriendlyName;
  if (sent.VoiceReceiveMode !== undefined) number.voice_receive_mode = sent.VoiceReceiveMode;
  connect(number, sent.VoiceApplicationSid, sent.TrunkSid);
  number.date_updated = rfc2822(now);
  return undefined;
}

/**
 * "Setting a `trunk_sid` will automatically delete your `voice_application_sid` and vice versa" (Twilio's OpenAPI
 * document). Which one wins when both are sent is not documented; here it is the trunk, as for calls.
 */
function connect(number: TwilioNumber, applicationSid: string | undefined, trunkSid: string | undefined): void {
  if (applicationSid !== undefined) number.voice_application_sid = applicationSid;
  if (applicationSid) number.trunk_sid = null;
  if (trunkSid !== undefined) number.trunk_sid = trunkSid || null;
  if (trunkSid) number.voice_application_sid = '';
}

function firstError(sent: Readonly<Record<string, string>>): TwilioError | undefined {
  for (const parameter of Object.keys(URLS)) {
    const value = sent[parameter];
    // https://www.twilio.com/docs/api/errors/21402 is about a number's handlers, 21502 about a callback.
    const code = parameter === 'StatusCallback' ? 21502 : 21402;
    if (value && !isAbsoluteUrl(value)) return refused(code, `${parameter} is not a valid URL: ${value}`);
  }
  for (const parameter of Object.keys(METHODS)) {
    const value = sent[parameter];
    // https://www.twilio.com/docs/api/errors/21403
    if (value !== undefined && !/^(GET|POST)$/i.test(value))
      return refused(21403, `${parameter} is not valid: ${value}`);
  }
  if (sent.VoiceApplicationSid && !/^AP[0-9a-fA-F]{32}$/.test(sent.VoiceApplicationSid)) {
    // https://www.twilio.com/docs/api/errors/22108
    return refused(22108, `Invalid Application SID: ${sent.VoiceApplicationSid}`);
  }
  // No code is documented for the remaining three, so they get the one for invalid parameters.
  if (sent.TrunkSid && !/^TK[0-9a-fA-F]{32}$/.test(sent.TrunkSid)) {
    return refused(20001, `TrunkSid is not valid: ${sent.TrunkSid}`);
  }
  if (sent.VoiceReceiveMode !== undefined && !['voice', 'fax'].includes(sent.VoiceReceiveMode)) {
    return refused(20001, `VoiceReceiveMode is not valid: ${sent.VoiceReceiveMode}`);
  }
  if (sent.FriendlyName !== undefined && [...sent.FriendlyName].length > MAX_FRIENDLY_NAME) {
    return refused(20001, `FriendlyName is longer than ${MAX_FRIENDLY_NAME} characters`);
  }
  return undefined;
}

function refused(code: number, message: string): TwilioError {
  return { status: 400, code, message };
}

/** Twilio also wants the host to be public; a simulator that runs beside its client cannot. */
function isAbsoluteUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
