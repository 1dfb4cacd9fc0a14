import { BadInput } from '../core/input';
import { appIdOf, ExotelFlow, ExotelRegion, flowUrl } from './exotel.flow';
import { checkNotation, defaultNotation, ExotelNumber, ExotelNumberSeed, nationalOf, numberSid } from './exotel.number';
import { ExotelAccountSeed } from './exotel.seed';

/** One Exotel account: its credentials, its ExoPhones, and the flows that were built in its App Bazaar. */
export class ExotelAccount {
  readonly sid: string;
  readonly apiKey: string;
  readonly apiToken: string;
  readonly region: ExotelRegion;
  private readonly flows = new Map<string, ExotelFlow>();
  private readonly byNumber = new Map<string, ExotelNumber>();
  private readonly bySid = new Map<string, ExotelNumber>();

  constructor(seed: ExotelAccountSeed) {
    this.sid = seed.sid;
    this.apiKey = seed.api_key;
    this.apiToken = seed.api_token;
    this.region = seed.region ?? 'singapore';
  }

  /** What exists stays as it is. */
  addFlow(flow: ExotelFlow): void {
    if (!this.flows.has(flow.app_id)) this.flows.set(flow.app_id, { ...flow });
  }

  /** What the customer does in App Bazaar. */
  setFlow(flow: ExotelFlow): void {
    this.flows.set(flow.app_id, { ...flow });
  }

  flow(appId: string): ExotelFlow | undefined {
    return this.flows.get(appId);
  }

  /** The flow that a URL names, if it is one of this account. */
  flowAt(url: string): ExotelFlow | undefined {
    const appId = appIdOf(url, this.sid);
    return appId === undefined ? undefined : this.flows.get(appId);
  }

  urlOf(flow: ExotelFlow): string {
    return flowUrl(this.region, this.sid, flow.app_id);
  }

  /** @throws BadInput where the number is to lead to what is no flow of this account */
  addNumber(seed: ExotelNumberSeed): void {
    if (this.byNumber.has(seed.phone_number)) return;
    const notation = seed.notation ?? defaultNotation(seed.phone_number);
    const number: ExotelNumber = {
      notation,
      sid: numberSid(this.sid, seed.phone_number, notation),
      friendly_name: nationalOf(seed.phone_number),
      voice_url: '',
      sms_url: null,
      ...seed,
    };
    checkNotation(number);
    if (number.voice_url !== '' && !this.flowAt(number.voice_url)) {
      throw new BadInput(`${number.phone_number} leads to ${number.voice_url}, which is no flow of ${this.sid}`);
    }
    this.byNumber.set(number.phone_number, number);
    this.bySid.set(number.sid, number);
  }

  removeNumber(e164: string): void {
    const number = this.byNumber.get(e164);
    if (!number) return;
    this.byNumber.delete(e164);
    this.bySid.delete(number.sid);
  }

  /** In the order they were added, which is the order of the list. */
  numbers(): ExotelNumber[] {
    return [...this.byNumber.values()];
  }

  number(e164: string): ExotelNumber | undefined {
    return this.byNumber.get(e164);
  }

  numberBySid(sid: string): ExotelNumber | undefined {
    return this.bySid.get(sid);
  }

  snapshot(): ExotelAccountSeed {
    return {
      sid: this.sid,
      api_key: this.apiKey,
      api_token: this.apiToken,
      region: this.region,
      flows: [...this.flows.values()],
      numbers: this.numbers(),
    };
  }
}
