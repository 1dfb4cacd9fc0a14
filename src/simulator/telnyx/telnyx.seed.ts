import { createHash } from 'node:crypto';
import { BadInput, choiceOf, e164Of, flagOf, integerOf, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';
import { signingKeyOf } from './telnyx.keys';

export const NUMBER_STATUSES = [
  'active',
  'purchase-pending',
  'port-pending',
  'port-out-pending',
  'ported-out',
] as const;
export type NumberStatus = (typeof NUMBER_STATUSES)[number];

export interface CallForwarding {
  call_forwarding_enabled: boolean;
  /** E.164; empty when calls are not forwarded. */
  forwards_to: string;
  forwarding_type: '' | 'always' | 'on-failure';
}

export interface TelnyxNumberSeed {
  phone_number: string;
  id?: string;
  status?: NumberStatus;
  country_iso_alpha2?: string;
  connection_id?: string | null;
  customer_reference?: string | null;
  tags?: string[];
  call_forwarding?: CallForwarding;
  translated_number?: string;
  /** ISO 8601. */
  created_at?: string;
  updated_at?: string;
}

export interface TexmlApplicationSeed {
  id: string;
  friendly_name: string;
  voice_url: string;
  voice_method?: 'get' | 'post';
  voice_fallback_url?: string;
  status_callback?: string;
  status_callback_method?: 'get' | 'post';
  active?: boolean;
  outbound_voice_profile_id?: string | null;
  /** ISO 8601. */
  created_at?: string;
  updated_at?: string;
}

export interface TelnyxAccountSeed {
  /** A UUID, as in the path of the TeXML REST API and in every webhook. */
  account_sid: string;
  api_key: string;
  /** Ed25519, as PEM or base64 of its 32 bytes. */
  private_key: string;
  /** How long a changed connection takes until it is shown and used, in milliseconds; 0 unless given. */
  propagation_ms?: number;
  /** Connections of other kinds that numbers may lead to: SIP trunks and Call Control applications. */
  connections?: { id: string; name: string }[];
  texml_applications?: TexmlApplicationSeed[];
  outbound_voice_profiles?: { id: string; name: string; enabled?: boolean }[];
  numbers?: (string | TelnyxNumberSeed)[];
  /** Further numbers, counted up from the first. */
  generate?: NumberRange;
}

export interface TelnyxSeed {
  accounts?: TelnyxAccountSeed[];
}

const ACCOUNT_KEYS = [
  'account_sid',
  'api_key',
  'private_key',
  'propagation_ms',
  'connections',
  'texml_applications',
  'outbound_voice_profiles',
  'numbers',
  'generate',
];
const NUMBER_KEYS = [
  'phone_number',
  'id',
  'status',
  'country_iso_alpha2',
  'connection_id',
  'customer_reference',
  'tags',
  'call_forwarding',
  'translated_number',
  'created_at',
  'updated_at',
];
const APPLICATION_KEYS = [
  'id',
  'friendly_name',
  'voice_url',
  'voice_method',
  'voice_fallback_url',
  'status_callback',
  'status_callback_method',
  'active',
  'outbound_voice_profile_id',
  'created_at',
  'updated_at',
];
const ONE_MINUTE_MS = 60_000;

export function parseTelnyxSeed(input: unknown): TelnyxSeed {
  const seed = recordOf(input, 'telnyx', ['accounts']);
  return { accounts: listOf(seed.accounts, 'telnyx.accounts').map(parseAccount) };
}

function parseAccount(input: unknown, index: number): TelnyxAccountSeed {
  const where = `telnyx.accounts[${index}]`;
  const account = recordOf(input, where, ACCOUNT_KEYS);
  const each = <T>(member: string, parse: (item: unknown, at: string) => T): T[] =>
    listOf(account[member], `${where}.${member}`).map((item, at) => parse(item, `${where}.${member}[${at}]`));
  const privateKey = textOf(account.private_key, `${where}.private_key`);
  signingKeyOf(privateKey, `${where}.private_key`);
  return {
    account_sid: textOf(account.account_sid, `${where}.account_sid`),
    api_key: textOf(account.api_key, `${where}.api_key`),
    private_key: privateKey,
    propagation_ms: integerOf(account.propagation_ms ?? 0, 0, ONE_MINUTE_MS, `${where}.propagation_ms`),
    connections: each('connections', parseConnection),
    texml_applications: each('texml_applications', parseApplication),
    outbound_voice_profiles: each('outbound_voice_profiles', parseProfile),
    numbers: each('numbers', parseNumber),
    generate: parseNumberRange(account.generate, `${where}.generate`),
  };
}

function parseConnection(input: unknown, where: string): { id: string; name: string } {
  const { id, name } = recordOf(input, where, ['id', 'name']);
  return { id: idOf(id, `${where}.id`), name: textOf(name, `${where}.name`) };
}

function parseProfile(input: unknown, where: string): { id: string; name: string; enabled: boolean } {
  const { id, name, enabled = true } = recordOf(input, where, ['id', 'name', 'enabled']);
  return {
    id: idOf(id, `${where}.id`),
    name: textOf(name, `${where}.name`),
    enabled: flagOf(enabled, `${where}.enabled`),
  };
}

function parseApplication(input: unknown, where: string): TexmlApplicationSeed {
  const given = recordOf(input, where, APPLICATION_KEYS);
  const method = (member: string) => choiceOf(given[member] ?? 'post', ['get', 'post'], `${where}.${member}`);
  return {
    id: idOf(given.id, `${where}.id`),
    friendly_name: textOf(given.friendly_name, `${where}.friendly_name`),
    voice_url: textOf(given.voice_url, `${where}.voice_url`),
    voice_method: method('voice_method'),
    voice_fallback_url: textOr(given.voice_fallback_url, '', `${where}.voice_fallback_url`),
    status_callback: textOr(given.status_callback, '', `${where}.status_callback`),
    status_callback_method: method('status_callback_method'),
    active: flagOf(given.active ?? true, `${where}.active`),
    outbound_voice_profile_id: textOr(given.outbound_voice_profile_id, null, `${where}.outbound_voice_profile_id`),
    created_at: textOr(given.created_at, undefined, `${where}.created_at`),
    updated_at: textOr(given.updated_at, undefined, `${where}.updated_at`),
  };
}

function parseNumber(input: unknown, where: string): TelnyxNumberSeed {
  if (typeof input === 'string') return { phone_number: e164Of(input, where) };
  const given = recordOf(input, where, NUMBER_KEYS);
  return {
    phone_number: e164Of(given.phone_number, `${where}.phone_number`),
    id: given.id === undefined ? undefined : idOf(given.id, `${where}.id`),
    status: choiceOf(given.status ?? 'active', NUMBER_STATUSES, `${where}.status`),
    country_iso_alpha2: textOr(given.country_iso_alpha2, 'US', `${where}.country_iso_alpha2`),
    connection_id: textOr(given.connection_id, null, `${where}.connection_id`),
    customer_reference: textOr(given.customer_reference, null, `${where}.customer_reference`),
    tags: listOf(given.tags, `${where}.tags`).map((tag, at) => textOf(tag, `${where}.tags[${at}]`)),
    call_forwarding: parseForwarding(given.call_forwarding ?? {}, `${where}.call_forwarding`),
    translated_number: textOr(given.translated_number, '', `${where}.translated_number`),
    created_at: textOr(given.created_at, undefined, `${where}.created_at`),
    updated_at: textOr(given.updated_at, undefined, `${where}.updated_at`),
  };
}

function parseForwarding(input: unknown, where: string): CallForwarding {
  const given = recordOf(input, where, ['call_forwarding_enabled', 'forwards_to', 'forwarding_type']);
  return {
    call_forwarding_enabled: flagOf(given.call_forwarding_enabled ?? true, `${where}.call_forwarding_enabled`),
    forwards_to: textOr(given.forwards_to, '', `${where}.forwards_to`),
    forwarding_type: choiceOf(given.forwarding_type ?? '', ['', 'always', 'on-failure'], `${where}.forwarding_type`),
  };
}

function idOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) throw new BadInput(`${where} must be a text of digits`);
  return value;
}

/** Nineteen digits, more than a JavaScript number holds, and the same in every run for the same name. */
export function digitId(...name: readonly string[]): string {
  const hash = createHash('sha256').update(name.join('\n')).digest('hex').slice(0, 16);
  return `1${(BigInt(`0x${hash}`) % 10n ** 18n).toString().padStart(18, '0')}`;
}
