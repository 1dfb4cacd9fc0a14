import { KeyObject } from 'node:crypto';
import { applicationSeed, newApplication, TexmlApplication } from './telnyx.application';
import { publicKeyOf, signingKeyOf } from './telnyx.keys';
import { connectionAt, forwardedTo, newNumber, numberSeed, TelnyxNumber } from './telnyx.number';
import { digitId, TelnyxAccountSeed, TelnyxNumberSeed, TexmlApplicationSeed } from './telnyx.seed';

export interface VoiceProfile {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly created_at: string;
}

/** What a call to a number would meet. */
export type Destination =
  | { readonly kind: 'texml'; readonly application: TexmlApplication }
  | { readonly kind: 'inactive'; readonly status: string }
  | { readonly kind: 'forwarded'; readonly to: string }
  | { readonly kind: 'connection'; readonly connection_id: string }
  | { readonly kind: 'none' };

/** One Telnyx account: its keys, its numbers and what they can lead to. */
export class TelnyxAccount {
  readonly sid: string;
  readonly apiKey: string;
  readonly signingKey: KeyObject;
  /** Base64 of 32 bytes. */
  readonly publicKey: string;
  readonly applications = new Map<string, TexmlApplication>();
  readonly profiles = new Map<string, VoiceProfile>();
  private readonly connections = new Map<string, string>();
  private readonly byId = new Map<string, TelnyxNumber>();
  private readonly byNumber = new Map<string, TelnyxNumber>();
  private created = 0;

  constructor(private readonly given: TelnyxAccountSeed) {
    this.sid = given.account_sid;
    this.apiKey = given.api_key;
    this.signingKey = signingKeyOf(given.private_key, 'private_key');
    this.publicKey = publicKeyOf(this.signingKey);
  }

  /** What a seed needs to name the account. */
  get identity(): Pick<TelnyxAccountSeed, 'account_sid' | 'api_key' | 'private_key'> {
    const { account_sid, api_key, private_key } = this.given;
    return { account_sid, api_key, private_key };
  }

  /** Adds what is missing. */
  add(seed: TelnyxAccountSeed, numbers: readonly TelnyxNumberSeed[], nowMs: number): void {
    const createdAt = new Date(nowMs).toISOString();
    for (const { id, name } of seed.connections ?? []) if (!this.connections.has(id)) this.connections.set(id, name);
    for (const { id, name, enabled = true } of seed.outbound_voice_profiles ?? []) {
      if (!this.profiles.has(id)) this.profiles.set(id, { id, name, enabled, created_at: createdAt });
    }
    for (const application of seed.texml_applications ?? []) {
      if (!this.applications.has(application.id)) {
        this.applications.set(application.id, newApplication(application, nowMs));
      }
    }
    for (const number of numbers) {
      if (this.byNumber.has(number.phone_number)) continue;
      const added = newNumber(this.sid, number, nowMs);
      this.byId.set(added.id, added);
      this.byNumber.set(added.phone_number, added);
    }
  }

  numbers(): TelnyxNumber[] {
    return [...this.byId.values()];
  }

  number(e164: string): TelnyxNumber | undefined {
    return this.byNumber.get(e164);
  }

  numberById(id: string): TelnyxNumber | undefined {
    return this.byId.get(id);
  }

  removeNumber(e164: string): void {
    const number = this.byNumber.get(e164);
    if (!number) return;
    this.byNumber.delete(e164);
    this.byId.delete(number.id);
  }

  createApplication(seed: Omit<TexmlApplicationSeed, 'id'>, nowMs: number): TexmlApplication {
    this.created += 1;
    const id = digitId(this.sid, 'texml', String(this.created), String(nowMs));
    const application = newApplication({ ...seed, id }, nowMs);
    this.applications.set(id, application);
    return application;
  }

  /** What numbers led to it lead nowhere; Telnyx does not document this. */
  deleteApplication(id: string): void {
    this.applications.delete(id);
    for (const number of this.byId.values()) {
      if (number.connection_id === id) number.connection_id = null;
    }
  }

  /** A connection of any kind, a TeXML application among them. */
  connection(id: string): { id: string; name: string } | null {
    const name = this.applications.get(id)?.friendly_name ?? this.connections.get(id);
    return name === undefined ? null : { id, name };
  }

  /** Takes effect after the account's propagation time. */
  connect(number: TelnyxNumber, connectionId: string | null, nowMs: number): void {
    const current = connectionAt(number, nowMs);
    const delay = this.given.propagation_ms ?? 0;
    number.before = delay > 0 && current !== connectionId ? { connection_id: current, until: nowMs + delay } : null;
    number.connection_id = connectionId;
  }

  /** Calls to numbers that are not active and to forwarded ones never reach the connection. */
  destinationOf(number: TelnyxNumber, nowMs: number): Destination {
    if (number.status !== 'active') return { kind: 'inactive', status: number.status };
    const forwarded = forwardedTo(number);
    if (forwarded !== null) return { kind: 'forwarded', to: forwarded };
    const connectionId = connectionAt(number, nowMs);
    if (connectionId === null) return { kind: 'none' };
    const application = this.applications.get(connectionId);
    return application?.active ? { kind: 'texml', application } : { kind: 'connection', connection_id: connectionId };
  }

  snapshot(): TelnyxAccountSeed {
    return {
      ...this.identity,
      propagation_ms: this.given.propagation_ms,
      connections: [...this.connections].map(([id, name]) => ({ id, name })),
      texml_applications: [...this.applications.values()].map(applicationSeed),
      outbound_voice_profiles: [...this.profiles.values()].map(({ id, name, enabled }) => ({ id, name, enabled })),
      numbers: this.numbers().map(numberSeed),
    };
  }
}
