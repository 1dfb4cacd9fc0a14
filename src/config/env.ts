import { IsIn, IsOptional, IsString, Matches, validateSync } from 'class-validator';
import type { LogLevel, Role } from './config';
import type { Environment } from './environment';
import { IsWholeNumber } from './is-whole-number.decorator';

const ROLES = ['api', 'worker', 'all'] as const satisfies readonly Role[];
const LOG_LEVELS = [
  'fatal',
  'error',
  'warn',
  'info',
  'debug',
  'trace',
  'silent',
] as const satisfies readonly LogLevel[];
const LOG_FORMATS = ['json', 'pretty'] as const;
const SWITCH = ['on', 'off'] as const;
/** A year. */
const LONGEST_INTERVAL_S = 31_536_000;

type Switch = (typeof SWITCH)[number];

function OneOf(words: readonly string[]): PropertyDecorator {
  return IsIn(words, { message: `$property must be one of ${words.join(', ')}` });
}

/**
 * The environment variables of the service. What one word or one number says is checked here; URLs and keys are read
 * by functions of their own, and so are the defaults that depend on other variables.
 */
export class Env {
  @IsOptional()
  @OneOf(['development', 'test', 'production'])
  NODE_ENV?: 'development' | 'test' | 'production';

  @IsOptional()
  @IsWholeNumber(0, 65_535)
  PORT?: string;

  @IsOptional()
  @Matches(/^[A-Za-z0-9.:_-]+$/, { message: '$property must be a host name or an IP address' })
  HOST?: string;

  @IsOptional()
  @IsString()
  DATABASE_URL?: string;

  @IsOptional()
  @IsString()
  PUBLIC_URL?: string;

  @IsOptional()
  @IsString()
  SECRETS_KEY?: string;

  @IsOptional()
  @IsString()
  SECRETS_KEYS_OLD?: string;

  @IsOptional()
  @IsString()
  MEDIA_URL?: string;

  @IsOptional()
  @OneOf(ROLES)
  ROLE?: Role;

  @IsOptional()
  @OneOf(SWITCH)
  DEMO?: Switch;

  @IsOptional()
  @OneOf(SWITCH)
  MIGRATE?: Switch;

  @IsOptional()
  @IsWholeNumber(0, 30_000)
  ROUTE_INLINE_MS?: string;

  @IsOptional()
  @IsWholeNumber(0, LONGEST_INTERVAL_S)
  DRIFT_INTERVAL_S?: string;

  @IsOptional()
  @IsWholeNumber(0, LONGEST_INTERVAL_S)
  SYNC_INTERVAL_S?: string;

  @IsOptional()
  @IsWholeNumber(1, 86_400)
  CALL_CHECK_S?: string;

  @IsOptional()
  @IsWholeNumber(100, 30_000)
  WEBHOOK_TIMEOUT_MS?: string;

  @IsOptional()
  @IsWholeNumber(1, 60_000)
  WEBHOOK_RETRY_BASE_MS?: string;

  @IsOptional()
  @OneOf(SWITCH)
  ALLOW_PRIVATE_URLS?: Switch;

  @IsOptional()
  @OneOf(LOG_LEVELS)
  LOG_LEVEL?: LogLevel;

  @IsOptional()
  @OneOf(LOG_FORMATS)
  LOG_FORMAT?: (typeof LOG_FORMATS)[number];
}

export type EnvName = keyof Env;

/** The variables of the class, in its order. */
export const ENV_NAMES = Object.keys(new Env()) as readonly EnvName[];

/** The variables of the class taken from an environment, and what is wrong with them, a line each. */
export function readEnv(environment: Environment): { env: Env; faults: string[] } {
  const env = Object.assign(new Env(), Object.fromEntries(ENV_NAMES.map((name) => [name, environment[name]])));
  const faults = validateSync(env, { stopAtFirstError: true }).flatMap(({ constraints }) =>
    Object.values(constraints ?? {}),
  );
  return { env, faults };
}
