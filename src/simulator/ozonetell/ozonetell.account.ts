import { randomBytes } from 'node:crypto';
import { OzonetellAccountSeed, OzonetellNumber } from './ozonetell.seed';

const TOKENS_AN_HOUR = 10;
const HOUR_MS = 3_600_000;

/** One customer of Ozonetel: KooKoo and CloudAgent know the same key. */
export class OzonetellAccount {
  readonly userName: string;
  readonly apiKey: string;
  readonly extensions: readonly string[];
  readonly numbers = new Map<string, OzonetellNumber>();
  private token: { readonly text: string; readonly expiresAt: number } | null = null;
  private issuedAt: number[] = [];

  constructor(seed: OzonetellAccountSeed) {
    this.userName = seed.user_name;
    this.apiKey = seed.api_key;
    this.extensions = seed.sip_extensions;
  }

  /** The number that an API names as `91…`, `0…` or in ten digits. */
  number(given: string | null): OzonetellNumber | undefined {
    return this.numbers.get(indianE164(given ?? '') ?? '');
  }

  /** A token of an hour, which ends the one before; `null` for the eleventh within an hour. */
  issueToken(now: number): string | null {
    this.issuedAt = this.issuedAt.filter((at) => now - at < HOUR_MS);
    if (this.issuedAt.length >= TOKENS_AN_HOUR) return null;
    this.issuedAt.push(now);
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = encode({ sub: this.userName, exp: Math.floor((now + HOUR_MS) / 1000) });
    const text = `${encode({ alg: 'HS512' })}.${claims}.${randomBytes(64).toString('base64url')}`;
    this.token = { text, expiresAt: now + HOUR_MS };
    return text;
  }

  holdsToken(text: string, now: number): boolean {
    return this.token?.text === text && now < this.token.expiresAt;
  }

  /** What a seed needs to mean this account. */
  get identity(): Omit<OzonetellAccountSeed, 'numbers' | 'generate'> {
    return { user_name: this.userName, api_key: this.apiKey, sip_extensions: [...this.extensions] };
  }

  snapshot(): OzonetellAccountSeed {
    return { ...this.identity, numbers: [...this.numbers.values()] };
  }
}

/** Reads `91XXXXXXXXXX`, `0XXXXXXXXXX` and `XXXXXXXXXX`; `undefined` for anything else, and for a `+` too. */
export function indianE164(text: string): string | undefined {
  const national = /^(?:91|0)?([1-9]\d{9})$/.exec(text)?.[1];
  return national === undefined ? undefined : `+91${national}`;
}

/** The same, and foreign numbers in digits, with or without `00`: how KooKoo wants those is not known. */
export function dialledE164(text: string): string | undefined {
  const foreign = /^(?:00)?([1-9]\d{10,14})$/.exec(text)?.[1];
  return indianE164(text) ?? (foreign === undefined ? undefined : `+${foreign}`);
}

/** As Ozonetel writes numbers: without the `+`. */
export function bare(e164: string): string {
  return e164.replace(/^\+/, '');
}
