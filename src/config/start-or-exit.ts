import type { Config } from './config';
import { ConfigError } from './config-error';
import { errorCode } from './error-code';
import { loadConfig } from './load-config';
import { readEnvironment } from './read-environment';

/**
 * Reads the configuration and starts a process with it. What keeps it from starting goes to the standard error, the
 * faults of the configuration a line each and without a stack, and the process exits with code 1.
 */
export async function startOrExit(start: (config: Config) => Promise<unknown>): Promise<void> {
  try {
    const cwd = process.cwd();
    await start(loadConfig(readEnvironment(cwd), cwd, { tty: process.stdout.isTTY }));
  } catch (error) {
    process.stderr.write(startFailure(error));
    process.exit(1);
  }
}

/** The lines that say why a process did not start; only a fault of its own code comes with a stack. */
export function startFailure(error: unknown): string {
  if (error instanceof ConfigError) {
    const lines = error.faults.map((fault) => `  ${fault}\n`).join('');
    return `Patchbay cannot start, its configuration is at fault:\n${lines}`;
  }
  if (!(error instanceof Error)) return `Patchbay cannot start: ${String(error)}\n`;
  // An error with a code comes from the system or the database: the port is taken, the server does not answer.
  const code = errorCode(error);
  const text = code === undefined ? (error.stack ?? error.message) : error.message || code;
  return `Patchbay cannot start: ${text}\n`;
}
