import { VonageAccountSeed, VonageNumberSeed } from './vonage.seed';
import { VonageApplication } from './vonage.application';
import { NO_SETTINGS, NumberSettings, VoiceTarget, voiceTarget, VonageNumber } from './vonage.number';

/** One Vonage account: its credentials, applications and numbers. */
export class VonageAccount {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly signatureSecret: string;
  /** In the order they were made, which is the order of the list. */
  readonly applications = new Map<string, VonageApplication>();
  private readonly byNumber = new Map<string, VonageNumber>();

  constructor(seed: VonageAccountSeed) {
    this.apiKey = seed.api_key;
    this.apiSecret = seed.api_secret;
    this.signatureSecret = seed.signature_secret;
  }

  addNumber(seed: VonageNumberSeed & Pick<VonageNumber, 'country'>): void {
    if (this.byNumber.has(seed.number)) return;
    this.byNumber.set(seed.number, {
      type: 'mobile-lvn',
      features: ['VOICE', 'SMS'],
      ...NO_SETTINGS,
      ...seed,
    });
  }

  removeNumber(e164: string): void {
    this.byNumber.delete(e164);
  }

  numbers(): VonageNumber[] {
    return [...this.byNumber.values()];
  }

  number(e164: string): VonageNumber | undefined {
    return this.byNumber.get(e164);
  }

  /** Where calls to the number go, or `undefined` when the account does not own it. */
  voiceTarget(e164: string): VoiceTarget | undefined {
    const number = this.byNumber.get(e164);
    return number && voiceTarget(number);
  }

  setNumber(number: VonageNumber, settings: NumberSettings): void {
    this.byNumber.set(number.number, { ...number, ...settings });
  }

  /** Its numbers then lead nowhere. What Vonage does with them is not documented. */
  deleteApplication(id: string): boolean {
    for (const number of this.numbers()) {
      if (number.app_id === id) this.setNumber(number, { ...settingsOf(number), app_id: null });
    }
    return this.applications.delete(id);
  }

  snapshot(): VonageAccountSeed {
    return {
      api_key: this.apiKey,
      api_secret: this.apiSecret,
      signature_secret: this.signatureSecret,
      applications: [...this.applications.values()],
      numbers: this.numbers(),
    };
  }
}

function settingsOf(number: VonageNumber): NumberSettings {
  const { app_id, moHttpUrl, moSmppSysType, voiceCallbackType, voiceCallbackValue, voiceStatusCallback } = number;
  return { app_id, moHttpUrl, moSmppSysType, voiceCallbackType, voiceCallbackValue, voiceStatusCallback };
}
