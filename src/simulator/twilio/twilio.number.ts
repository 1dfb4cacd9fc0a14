/**
 * What Twilio remembers of one phone number, named as on the wire.
 * https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export interface TwilioNumber {
  sid: string;
  phone_number: string;
  friendly_name: string;
  voice_url: string | null;
  voice_method: string;
  voice_fallback_url: string | null;
  voice_fallback_method: string;
  status_callback: string;
  status_callback_method: string;
  voice_application_sid: string;
  trunk_sid: string | null;
  voice_receive_mode: string;
  origin: string;
  beta: boolean;
  /** RFC 2822, in GMT. */
  date_created: string;
  /** RFC 2822, in GMT. */
  date_updated: string;
}

/** What a call to the number would do. */
export type VoiceTarget =
  | { kind: 'trunk'; trunk_sid: string }
  | { kind: 'application'; voice_application_sid: string }
  | {
      kind: 'url';
      voice_url: string;
      voice_method: string;
      voice_fallback_url: string | null;
      voice_fallback_method: string;
      status_callback: string;
      status_callback_method: string;
    }
  | { kind: 'none' };

/**
 * A trunk beats an application, and either makes Twilio ignore the number's own URLs: the descriptions of `trunk_sid`,
 * `voice_application_sid` and `voice_url` in Twilio's OpenAPI document.
 */
export function effectiveVoiceTarget(number: TwilioNumber): VoiceTarget {
  if (number.trunk_sid) return { kind: 'trunk', trunk_sid: number.trunk_sid };
  if (number.voice_application_sid) {
    return { kind: 'application', voice_application_sid: number.voice_application_sid };
  }
  if (!number.voice_url) return { kind: 'none' };
  return {
    kind: 'url',
    voice_url: number.voice_url,
    voice_method: number.voice_method,
    voice_fallback_url: number.voice_fallback_url,
    voice_fallback_method: number.voice_fallback_method,
    status_callback: number.status_callback,
    status_callback_method: number.status_callback_method,
  };
}

/** Twilio's date format, `Thu, 30 Jul 2015 23:19:04 +0000`. */
export function rfc2822(unixMs: number): string {
  return new Date(unixMs).toUTCString().replace('GMT', '+0000');
}

/** The name Twilio gives a number nobody has named: North American ones formatted, the rest as they are. */
export function defaultFriendlyName(phoneNumber: string): string {
  const northAmerican = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phoneNumber);
  return northAmerican ? `(${northAmerican[1]}) ${northAmerican[2]}-${northAmerican[3]}` : phoneNumber;
}

/** The complete item of the API, with members that no route of this simulator can change filled in. */
export function numberResource(accountSid: string, number: TwilioNumber): Record<string, unknown> {
  const base = `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${number.sid}`;
  return {
    ...number,
    account_sid: accountSid,
    address_sid: null,
    address_requirements: 'none',
    api_version: '2010-04-01',
    bundle_sid: null,
    capabilities: { voice: true, sms: true, mms: true, fax: false },
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    emergency_status: 'Inactive',
    identity_sid: null,
    sms_application_sid: '',
    sms_fallback_method: 'POST',
    sms_fallback_url: '',
    sms_method: 'POST',
    sms_url: '',
    status: 'in-use',
    subresource_uris: { assigned_add_ons: `${base}/AssignedAddOns.json` },
    type: 'local',
    uri: `${base}.json`,
    voice_caller_id_lookup: false,
  };
}
