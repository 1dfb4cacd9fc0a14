import { e164Of, integerOf, listOf, recordOf, textOf, textOr } from '../core/input';
import { NumberRange, parseNumberRange } from '../core/number-range';

export interface SanNumber {
  /** E.164. */
  number: string;
  /** Where San's support has bound the number to; `null` when they have not. */
  websocket_url: string | null;
}

export interface SanTenantSeed {
  access_token: string;
  access_key: string;
  /** The flow that support has made able to open WebSockets. */
  app_id: number;
  /** Some tenants also ask for HTTP Basic. */
  basic?: { username: string; password: string };
  numbers?: (string | SanNumber)[];
  generate?: NumberRange;
}

export interface SanSeed {
  tenants?: SanTenantSeed[];
}

const TENANT_KEYS = ['access_token', 'access_key', 'app_id', 'basic', 'numbers', 'generate'];

export function parseSanSeed(input: unknown): SanSeed {
  const seed = recordOf(input, 'san', ['tenants']);
  return { tenants: listOf(seed.tenants, 'san.tenants').map(parseTenant) };
}

function parseTenant(input: unknown, index: number): SanTenantSeed {
  const where = `san.tenants[${index}]`;
  const tenant = recordOf(input, where, TENANT_KEYS);
  return {
    access_token: textOf(tenant.access_token, `${where}.access_token`),
    access_key: textOf(tenant.access_key, `${where}.access_key`),
    app_id: integerOf(tenant.app_id, 1, Number.MAX_SAFE_INTEGER, `${where}.app_id`),
    basic: tenant.basic === undefined ? undefined : parseBasic(tenant.basic, `${where}.basic`),
    numbers: listOf(tenant.numbers, `${where}.numbers`).map((number, position) =>
      parseNumber(number, `${where}.numbers[${position}]`),
    ),
    generate: parseNumberRange(tenant.generate, `${where}.generate`),
  };
}

function parseBasic(input: unknown, where: string): { username: string; password: string } {
  const basic = recordOf(input, where, ['username', 'password']);
  return {
    username: textOf(basic.username, `${where}.username`),
    password: textOf(basic.password, `${where}.password`),
  };
}

function parseNumber(input: unknown, where: string): SanNumber {
  if (typeof input === 'string') return { number: e164Of(input, where), websocket_url: null };
  const number = recordOf(input, where, ['number', 'websocket_url']);
  return {
    number: e164Of(number.number, `${where}.number`),
    websocket_url: textOr(number.websocket_url, null, `${where}.websocket_url`),
  };
}
