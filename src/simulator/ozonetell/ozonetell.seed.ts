import { BadInput, e164Of, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';

export interface OzonetellNumber {
  /** E.164. */
  number: string;
  /** The "Application URL" that the customer has entered in the portal; `null` when there is none. */
  app_url: string | null;
}

export interface OzonetellAccountSeed {
  /** Names the account; `userName` of the CloudAgent API. */
  user_name: string;
  /** `KK` and 32 hexadecimal digits. */
  api_key: string;
  /** The SIP extensions that Ozonetel has provisioned for streams. */
  sip_extensions: string[];
  numbers?: (string | OzonetellNumber)[];
  generate?: NumberRange;
}

export interface OzonetellSeed {
  accounts?: OzonetellAccountSeed[];
}

const ACCOUNT_KEYS = ['user_name', 'api_key', 'sip_extensions', 'numbers', 'generate'];

export function parseOzonetellSeed(input: unknown): OzonetellSeed {
  const seed = recordOf(input, 'ozonetell', ['accounts']);
  return { accounts: listOf(seed.accounts, 'ozonetell.accounts').map(parseAccount) };
}

function parseAccount(input: unknown, index: number): OzonetellAccountSeed {
  const where = `ozonetell.accounts[${index}]`;
  const account = recordOf(input, where, ACCOUNT_KEYS);
  const apiKey = textOf(account.api_key, `${where}.api_key`);
  if (!/^KK[0-9a-f]{32}$/i.test(apiKey)) throw new BadInput(`${where}.api_key must be KK and 32 hexadecimal digits`);
  return {
    user_name: textOf(account.user_name, `${where}.user_name`),
    api_key: apiKey,
    sip_extensions: listOf(account.sip_extensions, `${where}.sip_extensions`).map((extension, at) => {
      const text = textOf(extension, `${where}.sip_extensions[${at}]`);
      if (!/^\d{3,10}$/.test(text)) throw new BadInput(`${where}.sip_extensions[${at}] must be digits`);
      return text;
    }),
    numbers: listOf(account.numbers, `${where}.numbers`).map((number, at) =>
      parseNumber(number, `${where}.numbers[${at}]`),
    ),
    generate: parseNumberRange(account.generate, `${where}.generate`),
  };
}

function parseNumber(input: unknown, where: string): OzonetellNumber {
  if (typeof input === 'string') return { number: e164Of(input, where), app_url: null };
  const number = recordOf(input, where, ['number', 'app_url']);
  const appUrl = textOr(number.app_url, null, `${where}.app_url`);
  if (appUrl !== null && !isWebUrl(appUrl)) throw new BadInput(`${where}.app_url must be an http or https URL`);
  return { number: e164Of(number.number, `${where}.number`), app_url: appUrl };
}

export function isWebUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
