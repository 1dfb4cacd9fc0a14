import { createHash } from 'node:crypto';
import { BadInput, choiceOf, e164Of, flagOf, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';
import { TwilioNumber } from './twilio.number';

/** A number to own: all but `phone_number` may be left out and gets what a freshly bought number has. */
export type TwilioNumberSeed = Pick<TwilioNumber, 'phone_number'> & Partial<TwilioNumber>;

export interface TwilioAccountSeed {
  /** `AC` and 32 hexadecimal digits. */
  sid: string;
  auth_token: string;
  friendly_name?: string;
  status?: 'active' | 'suspended' | 'closed';
  type?: 'Trial' | 'Full';
  /** Unix milliseconds. */
  created_at?: number;
  /** API keys: `SK` and 32 hexadecimal digits, with a secret each. */
  api_keys?: { sid: string; secret: string }[];
  numbers?: (string | TwilioNumberSeed)[];
  /** Further numbers, counted up from the first. */
  generate?: NumberRange;
}

export interface TwilioSeed {
  accounts?: TwilioAccountSeed[];
}

const ACCOUNT_KEYS = [
  'sid',
  'auth_token',
  'friendly_name',
  'status',
  'type',
  'created_at',
  'api_keys',
  'numbers',
  'generate',
];

export function parseTwilioSeed(input: unknown): TwilioSeed {
  const seed = recordOf(input, 'twilio', ['accounts']);
  return { accounts: listOf(seed.accounts, 'twilio.accounts').map(parseAccount) };
}

function parseAccount(input: unknown, index: number): TwilioAccountSeed {
  const where = `twilio.accounts[${index}]`;
  const account = recordOf(input, where, ACCOUNT_KEYS);
  return {
    sid: sidOf('AC', account.sid, `${where}.sid`),
    auth_token: textOf(account.auth_token, `${where}.auth_token`),
    friendly_name: textOr(account.friendly_name, undefined, `${where}.friendly_name`),
    status: choiceOf(account.status ?? 'active', ['active', 'suspended', 'closed'], `${where}.status`),
    type: choiceOf(account.type ?? 'Full', ['Trial', 'Full'], `${where}.type`),
    created_at: typeof account.created_at === 'number' ? account.created_at : undefined,
    api_keys: listOf(account.api_keys, `${where}.api_keys`).map((key, position) => {
      const at = `${where}.api_keys[${position}]`;
      const { sid, secret } = recordOf(key, at, ['sid', 'secret']);
      return { sid: sidOf('SK', sid, `${at}.sid`), secret: textOf(secret, `${at}.secret`) };
    }),
    numbers: listOf(account.numbers, `${where}.numbers`).map((number, position) =>
      parseNumber(number, `${where}.numbers[${position}]`),
    ),
    generate: parseNumberRange(account.generate, `${where}.generate`),
  };
}

const OPTIONAL_TEXTS = [
  'sid',
  'friendly_name',
  'voice_url',
  'voice_method',
  'voice_fallback_url',
  'voice_fallback_method',
  'status_callback',
  'status_callback_method',
  'voice_application_sid',
  'trunk_sid',
  'voice_receive_mode',
  'origin',
  'date_created',
  'date_updated',
] as const satisfies (keyof TwilioNumber)[];

function parseNumber(input: unknown, where: string): TwilioNumberSeed {
  if (typeof input === 'string') return { phone_number: e164Of(input, where) };
  const number = recordOf(input, where, ['phone_number', 'beta', ...OPTIONAL_TEXTS]);
  const parsed: TwilioNumberSeed = {
    phone_number: e164Of(number.phone_number, `${where}.phone_number`),
    beta: flagOf(number.beta, `${where}.beta`),
  };
  for (const key of OPTIONAL_TEXTS) {
    const value = textOr(number[key], undefined, `${where}.${key}`);
    if (value !== undefined) parsed[key] = value;
  }
  return parsed;
}

function sidOf(prefix: string, value: unknown, where: string): string {
  if (typeof value !== 'string' || !new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(value)) {
    throw new BadInput(`${where} must be ${prefix} and 32 hexadecimal digits`);
  }
  return value;
}

/** The same number of the same account has the same sid in every run, so that rows which refer to it stay true. */
export function numberSid(accountSid: string, phoneNumber: string): string {
  return `PN${createHash('md5').update(`${accountSid}${phoneNumber}`).digest('hex')}`;
}
