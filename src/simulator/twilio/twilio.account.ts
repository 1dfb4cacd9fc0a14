import { effectiveVoiceTarget, defaultFriendlyName, rfc2822, TwilioNumber, VoiceTarget } from './twilio.number';
import { numberSid, TwilioAccountSeed, TwilioNumberSeed } from './twilio.seed';

/** One Twilio account: its credentials and the numbers it owns. */
export class TwilioAccount {
  readonly sid: string;
  readonly authToken: string;
  readonly friendlyName: string;
  readonly status: 'active' | 'suspended' | 'closed';
  readonly type: 'Trial' | 'Full';
  readonly createdAt: number;
  readonly apiKeys = new Map<string, string>();
  private readonly bySid = new Map<string, TwilioNumber>();
  private readonly byNumber = new Map<string, TwilioNumber>();

  constructor(seed: TwilioAccountSeed, now: number) {
    this.sid = seed.sid;
    this.authToken = seed.auth_token;
    this.friendlyName = seed.friendly_name ?? `Account ${seed.sid.slice(-4)}`;
    this.status = seed.status ?? 'active';
    this.type = seed.type ?? 'Full';
    this.createdAt = seed.created_at ?? now;
  }

  addNumber(seed: TwilioNumberSeed, now: number): void {
    if (this.byNumber.has(seed.phone_number)) return;
    const created = seed.date_created ?? rfc2822(now);
    const number: TwilioNumber = {
      sid: numberSid(this.sid, seed.phone_number),
      friendly_name: defaultFriendlyName(seed.phone_number),
      voice_url: null,
      voice_method: 'POST',
      voice_fallback_url: null,
      voice_fallback_method: 'POST',
      status_callback: '',
      status_callback_method: 'POST',
      voice_application_sid: '',
      trunk_sid: null,
      voice_receive_mode: 'voice',
      origin: 'twilio',
      beta: false,
      date_created: created,
      date_updated: created,
      ...seed,
    };
    this.bySid.set(number.sid, number);
    this.byNumber.set(number.phone_number, number);
  }

  removeNumber(e164: string): void {
    const number = this.byNumber.get(e164);
    if (!number) return;
    this.byNumber.delete(e164);
    this.bySid.delete(number.sid);
  }

  /** In the order they were added, which is the order of the list. */
  numbers(): TwilioNumber[] {
    return [...this.bySid.values()];
  }

  number(e164: string): TwilioNumber | undefined {
    return this.byNumber.get(e164);
  }

  numberBySid(sid: string): TwilioNumber | undefined {
    return this.bySid.get(sid);
  }

  /** What a call to the number would do, or `undefined` when the account does not own it. */
  effectiveVoiceTarget(e164: string): VoiceTarget | undefined {
    const number = this.byNumber.get(e164);
    return number && effectiveVoiceTarget(number);
  }

  resource(): Record<string, unknown> {
    const base = `/2010-04-01/Accounts/${this.sid}`;
    return {
      sid: this.sid,
      friendly_name: this.friendlyName,
      status: this.status,
      type: this.type,
      owner_account_sid: this.sid,
      auth_token: this.authToken,
      date_created: rfc2822(this.createdAt),
      date_updated: rfc2822(this.createdAt),
      uri: `${base}.json`,
      subresource_uris: { calls: `${base}/Calls.json`, incoming_phone_numbers: `${base}/IncomingPhoneNumbers.json` },
    };
  }

  snapshot(): TwilioAccountSeed {
    return {
      sid: this.sid,
      auth_token: this.authToken,
      friendly_name: this.friendlyName,
      status: this.status,
      type: this.type,
      created_at: this.createdAt,
      api_keys: [...this.apiKeys].map(([sid, secret]) => ({ sid, secret })),
      numbers: this.numbers(),
    };
  }
}
