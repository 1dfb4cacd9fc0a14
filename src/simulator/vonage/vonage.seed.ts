import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { BadInput, choiceOf, e164Of, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';
import { isRsaKey } from './vonage.application';
import { NUMBER_SETTINGS, NUMBER_TYPES, NumberSettings } from './vonage.number';

export interface VonageNumberSeed extends Partial<NumberSettings> {
  /** E.164. */
  number: string;
  /** ISO 3166-1 alpha-2; the country that the number belongs to when absent. */
  country?: string;
  type?: (typeof NUMBER_TYPES)[number];
  features?: readonly string[];
}

export interface VonageApplicationSeed {
  /** A UUID. */
  id: string;
  name: string;
  /** As in the Application API. */
  capabilities?: Readonly<Record<string, unknown>>;
  /** RSA, PEM; without it nobody can make calls with the application. */
  public_key?: string;
}

export interface VonageAccountSeed {
  api_key: string;
  api_secret: string;
  /** Signs webhooks. */
  signature_secret: string;
  applications?: VonageApplicationSeed[];
  numbers?: (string | VonageNumberSeed)[];
  /** Further numbers, counted up from the first. */
  generate?: NumberRange;
}

export interface VonageSeed {
  accounts?: VonageAccountSeed[];
}

const ACCOUNT_KEYS = ['api_key', 'api_secret', 'signature_secret', 'applications', 'numbers', 'generate'];

export function parseVonageSeed(input: unknown): VonageSeed {
  const seed = recordOf(input, 'vonage', ['accounts']);
  return { accounts: listOf(seed.accounts, 'vonage.accounts').map(parseAccount) };
}

function parseAccount(input: unknown, index: number): VonageAccountSeed {
  const where = `vonage.accounts[${index}]`;
  const account = recordOf(input, where, ACCOUNT_KEYS);
  return {
    api_key: textOf(account.api_key, `${where}.api_key`),
    api_secret: textOf(account.api_secret, `${where}.api_secret`),
    signature_secret: textOf(account.signature_secret, `${where}.signature_secret`),
    applications: listOf(account.applications, `${where}.applications`).map((application, position) =>
      parseApplication(application, `${where}.applications[${position}]`),
    ),
    numbers: listOf(account.numbers, `${where}.numbers`).map((number, position) =>
      parseNumber(number, `${where}.numbers[${position}]`),
    ),
    generate: parseNumberRange(account.generate, `${where}.generate`),
  };
}

function parseApplication(input: unknown, where: string): VonageApplicationSeed {
  const given = recordOf(input, where, ['id', 'name', 'capabilities', 'public_key']);
  const key = textOr(given.public_key, '', `${where}.public_key`);
  if (key !== '' && !isRsaKey(key)) throw new BadInput(`${where}.public_key must be an RSA key in PEM`);
  return {
    id: uuidOf(given.id, `${where}.id`),
    name: textOf(given.name, `${where}.name`),
    capabilities: given.capabilities === undefined ? {} : recordOf(given.capabilities, `${where}.capabilities`),
    public_key: key,
  };
}

function parseNumber(input: unknown, where: string): VonageNumberSeed {
  if (typeof input === 'string') return { number: e164Of(input, where) };
  const given = recordOf(input, where, ['number', 'country', 'type', 'features', ...NUMBER_SETTINGS]);
  const parsed: VonageNumberSeed = { number: e164Of(given.number, `${where}.number`) };
  if (given.country !== undefined) parsed.country = textOf(given.country, `${where}.country`);
  if (given.type !== undefined) parsed.type = choiceOf(given.type, NUMBER_TYPES, `${where}.type`);
  if (given.features !== undefined) {
    parsed.features = listOf(given.features, `${where}.features`).map((one) => textOf(one, `${where}.features`));
  }
  for (const name of NUMBER_SETTINGS) parsed[name] = textOr(given[name], null, `${where}.${name}`);
  return parsed;
}

function uuidOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)) {
    throw new BadInput(`${where} must be a UUID`);
  }
  return value;
}

/**
 * Of numbers that nobody could have, as tests like them, the first country of their calling code.
 * @throws BadInput where there is no country, which has to be named then
 */
export function countryOf(number: string): string {
  const parsed = parsePhoneNumberFromString(number);
  const country = parsed?.country ?? parsed?.getPossibleCountries()[0];
  if (!country) throw new BadInput(`the country of ${number} must be named`);
  return country;
}
