import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error';
import type { Environment } from './environment';
import { errorCode } from './error-code';

/**
 * The process's environment on top of the `.env` file in `cwd`, if there is one: what is really set wins, as with
 * `process.loadEnvFile` (https://nodejs.org/docs/latest-v20.x/api/process.html#processloadenvfilepath), but
 * `process.env` itself stays as it is.
 * @throws ConfigError when there is a `.env` that cannot be read
 */
export function readEnvironment(cwd: string, environment: Environment = process.env): Environment {
  return { ...readEnvFile(join(cwd, '.env')), ...environment };
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return {};
    throw new ConfigError([`The file ${path} cannot be read (${code ?? 'unknown fault'})`]);
  }
}
