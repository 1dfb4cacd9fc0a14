import { TwilioAccount } from './twilio.account';
import { effectiveVoiceTarget, numberResource, TwilioNumber } from './twilio.number';
import { TwilioNumberSeed } from './twilio.seed';
import { updateNumber } from './twilio.update';

const TRUNK = `TK${'a'.repeat(32)}`;
const APPLICATION = `AP${'b'.repeat(32)}`;
const CREATED = Date.UTC(2015, 6, 30, 23, 19, 4);
const UPDATED = Date.UTC(2026, 10, 24, 9, 5, 0);

function numberWith(seed: Partial<TwilioNumberSeed> = {}): TwilioNumber {
  const account = new TwilioAccount({ sid: `AC${'0'.repeat(32)}`, auth_token: 'x' }, CREATED);
  account.addNumber({ phone_number: '+18089255327', ...seed }, CREATED);
  return account.numbers()[0] as TwilioNumber;
}

const update = (number: TwilioNumber, fields: Record<string, string>) =>
  updateNumber(number, new URLSearchParams(fields), UPDATED);

describe('updateNumber', () => {
  it('changes only what was sent', () => {
    const number = numberWith({ voice_url: 'https://old.example.com/', status_callback: 'https://old.example.com/s' });
    const before = { ...number };
    expect(update(number, { VoiceUrl: 'https://new.example.com/voice?a=1', VoiceMethod: 'get' })).toBeUndefined();
    expect(number).toEqual({
      ...before,
      voice_url: 'https://new.example.com/voice?a=1',
      voice_method: 'GET',
      date_updated: 'Tue, 24 Nov 2026 09:05:00 +0000',
    });
  });

  it('clears what was sent empty', () => {
    const number = numberWith({ voice_url: 'https://a.example.com/', trunk_sid: TRUNK, friendly_name: 'Desk' });
    update(number, { VoiceUrl: '', TrunkSid: '', VoiceApplicationSid: '', StatusCallback: '', FriendlyName: '' });
    expect(number).toMatchObject({ voice_url: '', trunk_sid: null, voice_application_sid: '', friendly_name: '' });
  });

  it('deletes the application when a trunk is set, and the trunk when an application is', () => {
    const number = numberWith({ voice_application_sid: APPLICATION });
    update(number, { TrunkSid: TRUNK });
    expect(number).toMatchObject({ trunk_sid: TRUNK, voice_application_sid: '' });
    update(number, { VoiceApplicationSid: APPLICATION });
    expect(number).toMatchObject({ trunk_sid: null, voice_application_sid: APPLICATION });
  });

  it('leaves the trunk alone when the application is cleared, and the other way round', () => {
    const trunked = numberWith({ trunk_sid: TRUNK });
    update(trunked, { VoiceApplicationSid: '' });
    expect(trunked.trunk_sid).toBe(TRUNK);
    const applied = numberWith({ voice_application_sid: APPLICATION });
    update(applied, { TrunkSid: '' });
    expect(applied.voice_application_sid).toBe(APPLICATION);
  });

  // Codes: the pages https://www.twilio.com/docs/api/errors/{21402,21403,21502,22108}
  it.each<[Record<string, string>, number]>([
    [{ VoiceUrl: 'ftp://example.com/' }, 21402],
    [{ VoiceUrl: 'example.com/voice' }, 21402],
    [{ VoiceFallbackUrl: 'https://' }, 21402],
    [{ StatusCallback: '/status' }, 21502],
    [{ VoiceMethod: 'PUT' }, 21403],
    [{ StatusCallbackMethod: '' }, 21403],
    [{ VoiceApplicationSid: 'AP1' }, 22108],
    [{ TrunkSid: APPLICATION }, 20001],
    [{ VoiceReceiveMode: 'sms' }, 20001],
    [{ FriendlyName: 'x'.repeat(65) }, 20001],
  ])('refuses %j with 400/%i and changes nothing', (bad, code) => {
    const number = numberWith();
    const before = { ...number };
    expect(update(number, { ...bad, FriendlyName: bad.FriendlyName ?? 'Changed' })).toMatchObject({
      status: 400,
      code,
    });
    expect(number).toEqual(before);
  });
});

describe('effectiveVoiceTarget', () => {
  it('prefers the trunk to the application to the URL', () => {
    const number = numberWith({
      voice_url: 'https://a.example.com/',
      voice_application_sid: APPLICATION,
      trunk_sid: TRUNK,
    });
    expect(effectiveVoiceTarget(number)).toEqual({ kind: 'trunk', trunk_sid: TRUNK });
    number.trunk_sid = null;
    expect(effectiveVoiceTarget(number)).toEqual({ kind: 'application', voice_application_sid: APPLICATION });
    number.voice_application_sid = '';
    expect(effectiveVoiceTarget(number)).toMatchObject({ kind: 'url', voice_url: 'https://a.example.com/' });
    number.voice_url = '';
    expect(effectiveVoiceTarget(number)).toEqual({ kind: 'none' });
  });
});

describe('numberResource', () => {
  it('has the dates and the name of the official example', () => {
    // https://github.com/twilio/twilio-node, spec/integration/rest/api/v2010/account/incomingPhoneNumber.spec.js
    expect(numberResource('AC1', numberWith())).toMatchObject({
      date_created: 'Thu, 30 Jul 2015 23:19:04 +0000',
      friendly_name: '(808) 925-5327',
      status_callback: '',
      status_callback_method: 'POST',
      trunk_sid: null,
      voice_application_sid: '',
      voice_method: 'POST',
      voice_url: null,
    });
  });
});
