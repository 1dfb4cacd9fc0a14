import { BadInput, choiceOf, e164Of, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';
import { EXOTEL_REGIONS, ExotelFlow, ExotelRegion } from './exotel.flow';
import { ExotelNumberSeed } from './exotel.number';

export interface ExotelAccountSeed {
  sid: string;
  api_key: string;
  api_token: string;
  region?: ExotelRegion;
  flows?: ExotelFlow[];
  numbers?: (string | ExotelNumberSeed)[];
  /** Further numbers, counted up from the first. */
  generate?: NumberRange;
}

export interface ExotelSeed {
  accounts?: ExotelAccountSeed[];
}

const ACCOUNT_KEYS = ['sid', 'api_key', 'api_token', 'region', 'flows', 'numbers', 'generate'];
const NUMBER_KEYS = ['phone_number', 'notation', 'sid', 'friendly_name', 'voice_url', 'sms_url'];

export function parseExotelSeed(input: unknown): ExotelSeed {
  const seed = recordOf(input, 'exotel', ['accounts']);
  return { accounts: listOf(seed.accounts, 'exotel.accounts').map(parseAccount) };
}

function parseAccount(input: unknown, index: number): ExotelAccountSeed {
  const where = `exotel.accounts[${index}]`;
  const account = recordOf(input, where, ACCOUNT_KEYS);
  return {
    sid: sidOf(account.sid, `${where}.sid`),
    api_key: textOf(account.api_key, `${where}.api_key`),
    api_token: textOf(account.api_token, `${where}.api_token`),
    region: choiceOf(account.region ?? 'singapore', EXOTEL_REGIONS, `${where}.region`),
    flows: listOf(account.flows, `${where}.flows`).map((flow, at) => parseFlow(flow, `${where}.flows[${at}]`)),
    numbers: listOf(account.numbers, `${where}.numbers`).map((number, at) =>
      parseNumber(number, `${where}.numbers[${at}]`),
    ),
    generate: parseNumberRange(account.generate, `${where}.generate`),
  };
}

export function parseFlow(input: unknown, where: string): ExotelFlow {
  const flow = recordOf(input, where, ['app_id', 'dynamic_url', 'status_callback']);
  return {
    app_id: appIdOf(flow.app_id, `${where}.app_id`),
    dynamic_url: urlOr(flow.dynamic_url, ['http:', 'https:', 'ws:', 'wss:'], `${where}.dynamic_url`),
    status_callback: urlOr(flow.status_callback, ['http:', 'https:'], `${where}.status_callback`),
  };
}

function parseNumber(input: unknown, where: string): string | ExotelNumberSeed {
  if (typeof input === 'string') return e164Of(input, where);
  const number = recordOf(input, where, NUMBER_KEYS);
  const given = {
    notation: number.notation === undefined ? undefined : choiceOf(number.notation, ['e164', 'national'], where),
    sid: textOr(number.sid, undefined, `${where}.sid`),
    friendly_name: textOr(number.friendly_name, undefined, `${where}.friendly_name`),
    voice_url: textOr(number.voice_url, undefined, `${where}.voice_url`),
    sms_url: textOr(number.sms_url, undefined, `${where}.sms_url`),
  };
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return { phone_number: e164Of(number.phone_number, `${where}.phone_number`), ...Object.fromEntries(present) };
}

function sidOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]+$/.test(value)) {
    throw new BadInput(`${where} must be letters, digits, - and _`);
  }
  return value;
}

function appIdOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^\d+$/.test(value)) throw new BadInput(`${where} must be a string of digits`);
  return value;
}

function urlOr(value: unknown, protocols: readonly string[], where: string): string | null {
  const text = textOr(value, null, where);
  if (text === null) return null;
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    throw new BadInput(`${where} must be a URL with ${protocols.join(', ')}`);
  }
  return text;
}
