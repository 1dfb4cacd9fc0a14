import { BadInput, e164Of, flagOf, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';
import { PlivoApplication } from './plivo.application';
import { PlivoNumber } from './plivo.number';

export type PlivoApplicationSeed = Pick<PlivoApplication, 'app_id' | 'app_name'> & Partial<PlivoApplication>;
/** `number` is E.164 here, with `+`. */
export type PlivoNumberSeed = Pick<PlivoNumber, 'number'> & Partial<PlivoNumber>;

export interface PlivoAccountSeed {
  /** `MA` or, for a subaccount, `SA`, and 18 capitals and digits. */
  auth_id: string;
  auth_token: string;
  /** Of the main account, where this one is a subaccount. */
  main_auth_token?: string;
  name?: string;
  /** IANA name. Times of callbacks are local. */
  timezone?: string;
  /** The application of numbers that are updated without naming one. */
  default_number_app?: string | null;
  applications?: PlivoApplicationSeed[];
  numbers?: (string | PlivoNumberSeed)[];
  /** Further numbers, counted up from the first. */
  generate?: NumberRange;
}

export interface PlivoSeed {
  accounts?: PlivoAccountSeed[];
}

const ACCOUNT_KEYS = [
  'auth_id',
  'auth_token',
  'main_auth_token',
  'name',
  'timezone',
  'default_number_app',
  'applications',
  'numbers',
  'generate',
];
const APPLICATION_TEXTS = [
  'answer_url',
  'answer_method',
  'hangup_url',
  'hangup_method',
  'fallback_answer_url',
  'fallback_method',
  'message_url',
  'message_method',
] as const satisfies (keyof PlivoApplication)[];
const NUMBER_TEXTS = ['alias', 'number_type', 'region', 'added_on'] as const satisfies (keyof PlivoNumber)[];

export function parsePlivoSeed(input: unknown): PlivoSeed {
  const seed = recordOf(input, 'plivo', ['accounts']);
  return { accounts: listOf(seed.accounts, 'plivo.accounts').map(parseAccount) };
}

function parseAccount(input: unknown, index: number): PlivoAccountSeed {
  const where = `plivo.accounts[${index}]`;
  const account = recordOf(input, where, ACCOUNT_KEYS);
  const parsed: PlivoAccountSeed = {
    auth_id: authIdOf(account.auth_id, `${where}.auth_id`),
    auth_token: textOf(account.auth_token, `${where}.auth_token`),
    main_auth_token: textOr(account.main_auth_token, undefined, `${where}.main_auth_token`),
    name: textOr(account.name, undefined, `${where}.name`),
    timezone: timezoneOf(textOr(account.timezone, 'UTC', `${where}.timezone`), `${where}.timezone`),
    default_number_app: textOr(account.default_number_app, null, `${where}.default_number_app`),
    applications: listOf(account.applications, `${where}.applications`).map((application, position) =>
      parseApplication(application, `${where}.applications[${position}]`),
    ),
    numbers: listOf(account.numbers, `${where}.numbers`).map((number, position) =>
      parseNumber(number, `${where}.numbers[${position}]`),
    ),
    generate: parseNumberRange(account.generate, `${where}.generate`),
  };
  return parsed;
}

function parseApplication(input: unknown, where: string): PlivoApplicationSeed {
  const application = recordOf(input, where, [
    'app_id',
    'app_name',
    'enabled',
    'default_endpoint_app',
    ...APPLICATION_TEXTS,
  ]);
  const parsed: PlivoApplicationSeed = {
    app_id: textOf(application.app_id, `${where}.app_id`),
    app_name: textOf(application.app_name, `${where}.app_name`),
    enabled: application.enabled === undefined || flagOf(application.enabled, `${where}.enabled`),
    default_endpoint_app: flagOf(application.default_endpoint_app, `${where}.default_endpoint_app`),
  };
  for (const name of APPLICATION_TEXTS) {
    const value = textOr(application[name], undefined, `${where}.${name}`);
    if (value !== undefined) parsed[name] = value;
  }
  return parsed;
}

function parseNumber(input: unknown, where: string): PlivoNumberSeed {
  if (typeof input === 'string') return { number: e164Of(input, where) };
  const number = recordOf(input, where, ['number', 'app_id', 'voice_enabled', 'sms_enabled', ...NUMBER_TEXTS]);
  const parsed: PlivoNumberSeed = {
    number: e164Of(number.number, `${where}.number`),
    app_id: textOr(number.app_id, null, `${where}.app_id`),
    voice_enabled: number.voice_enabled === undefined || flagOf(number.voice_enabled, `${where}.voice_enabled`),
    sms_enabled: number.sms_enabled === undefined || flagOf(number.sms_enabled, `${where}.sms_enabled`),
  };
  for (const name of NUMBER_TEXTS) {
    const value = textOr(number[name], undefined, `${where}.${name}`);
    if (value !== undefined) parsed[name] = value;
  }
  return parsed;
}

function authIdOf(value: unknown, where: string): string {
  if (typeof value !== 'string' || !/^[MS]A[A-Z0-9]{18}$/.test(value)) {
    throw new BadInput(`${where} must be MA or SA and 18 capitals and digits`);
  }
  return value;
}

function timezoneOf(name: string, where: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    throw new BadInput(`${where} must be the name of a time zone`);
  }
}
