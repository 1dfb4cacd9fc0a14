import { BadInput } from '../core/input';
import { newApplication, newAppId, PlivoApplication } from './plivo.application';
import { PlivoNumber } from './plivo.number';
import { PlivoAccountSeed, PlivoApplicationSeed, PlivoNumberSeed } from './plivo.seed';

/** What a call to a number would do. */
export type PlivoRoute =
  | {
      kind: 'application';
      app_id: string;
      app_name: string;
      answer_url: string;
      answer_method: string;
      hangup_url: string;
      hangup_method: string;
    }
  | { kind: 'none' };

/** One Plivo account: its credentials, its applications and the numbers it rents. */
export class PlivoAccount {
  readonly authId: string;
  readonly authToken: string;
  readonly mainAuthToken: string;
  readonly name: string;
  readonly timezone: string;
  private defaultApp: string | null = null;
  private readonly byNumber = new Map<string, PlivoNumber>();
  private readonly byAppId = new Map<string, PlivoApplication>();

  constructor(seed: PlivoAccountSeed) {
    this.authId = seed.auth_id;
    this.authToken = seed.auth_token;
    this.mainAuthToken = seed.main_auth_token ?? seed.auth_token;
    this.name = seed.name ?? `Account ${seed.auth_id.slice(-4)}`;
    this.timezone = seed.timezone ?? 'UTC';
  }

  /** @throws BadInput when a number or the default names an application that there is not */
  add(seed: PlivoAccountSeed, numbers: readonly PlivoNumberSeed[], now: number): void {
    for (const application of seed.applications ?? []) this.addApplication(application);
    for (const number of numbers) this.addNumber(number, now);
    if (seed.default_number_app && this.defaultApp === null) {
      this.defaultApp = this.known(seed.default_number_app).app_id;
    }
  }

  /** What the account rents already stays as it is. @throws BadInput when it names an application that there is not */
  addNumber({ number: e164, ...seed }: PlivoNumberSeed, now: number): void {
    const number = e164.slice(1);
    if (this.byNumber.has(number)) return;
    if (seed.app_id) this.known(seed.app_id);
    this.byNumber.set(number, {
      number,
      app_id: null,
      alias: null,
      number_type: 'local',
      region: 'California, UNITED STATES',
      voice_enabled: true,
      sms_enabled: true,
      added_on: new Date(now).toISOString().slice(0, 10),
      ...seed,
    });
  }

  /** @param e164 with `+`, as elsewhere outside the vendor's own answers */
  removeNumber(e164: string): void {
    this.byNumber.delete(e164.replace(/^\+/, ''));
  }

  /** In the order they were added, which is the order of the list. */
  numbers(): PlivoNumber[] {
    return [...this.byNumber.values()];
  }

  /** @param number with country code, without `+` */
  number(number: string): PlivoNumber | undefined {
    return this.byNumber.get(number);
  }

  applications(): PlivoApplication[] {
    return [...this.byAppId.values()];
  }

  application(appId: string): PlivoApplication | undefined {
    return this.byAppId.get(appId);
  }

  applicationNamed(name: string): PlivoApplication | undefined {
    return this.applications().find((application) => application.app_name === name);
  }

  get defaultNumberApp(): string | null {
    return this.defaultApp;
  }

  /** Makes the application the account's default, or no longer so; `undefined` leaves that as it is. */
  setDefault(appId: string, isDefault: boolean | undefined): void {
    if (isDefault === true) this.defaultApp = appId;
    if (isDefault === false && this.defaultApp === appId) this.defaultApp = null;
  }

  create(given: Pick<PlivoApplication, 'app_name'> & Partial<PlivoApplication>): PlivoApplication {
    const application = newApplication(newAppId(), given);
    this.byAppId.set(application.app_id, application);
    return application;
  }

  /** Numbers on it are then on none, which is not documented. */
  remove(appId: string): boolean {
    if (!this.byAppId.delete(appId)) return false;
    this.setDefault(appId, false);
    for (const number of this.byNumber.values()) if (number.app_id === appId) number.app_id = null;
    return true;
  }

  /** What a call to the number (with or without `+`) would do, or `undefined` when the account does not rent it. */
  routeOf(number: string): PlivoRoute | undefined {
    const rented = this.byNumber.get(number.replace(/^\+/, ''));
    if (!rented) return undefined;
    const application = rented.app_id === null ? undefined : this.byAppId.get(rented.app_id);
    if (!application?.enabled || !application.answer_url || !rented.voice_enabled) return { kind: 'none' };
    const { app_id, app_name, answer_url, answer_method, hangup_url, hangup_method } = application;
    return { kind: 'application', app_id, app_name, answer_url, answer_method, hangup_url, hangup_method };
  }

  /** https://www.plivo.com/docs/account/api/account */
  resource(): Record<string, unknown> {
    return {
      account_type: 'standard',
      address: '340 Pine St, San Francisco, CA - 94104',
      auth_id: this.authId,
      auto_recharge: false,
      billing_mode: 'prepaid',
      cash_credits: '23.79822',
      city: 'San Francisco',
      name: this.name,
      resource_uri: `/v1/Account/${this.authId}/`,
      state: 'California',
      timezone: this.timezone,
    };
  }

  snapshot(): PlivoAccountSeed {
    return {
      auth_id: this.authId,
      auth_token: this.authToken,
      main_auth_token: this.mainAuthToken,
      name: this.name,
      timezone: this.timezone,
      default_number_app: this.defaultApp,
      applications: this.applications(),
      numbers: this.numbers().map((number) => ({ ...number, number: `+${number.number}` })),
    };
  }

  private addApplication(seed: PlivoApplicationSeed): void {
    if (!this.byAppId.has(seed.app_id)) this.byAppId.set(seed.app_id, newApplication(seed.app_id, seed));
  }

  private known(appId: string): PlivoApplication {
    const application = this.byAppId.get(appId);
    if (!application) throw new BadInput(`${this.authId} has no application ${appId}`);
    return application;
  }
}
