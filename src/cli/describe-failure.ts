import { AppError } from '../common/errors/app-error';
import { ConfigError } from '../config/config-error';
import { errorCode } from '../config/error-code';
import { isMissingTable, isUnavailable } from '../database/db-errors';
import { CliError } from './cli-error';

/** What to tell the person at the terminal: a line, or one for each fault of the configuration; never a stack. */
export function describeFailure(error: unknown): string[] {
  if (error instanceof ConfigError) return [...error.faults];
  if (error instanceof CliError || error instanceof AppError) return [error.message];
  if (isMissingTable(error)) return ['The database has not been migrated: run `npm run migrate` first'];
  const line = firstLine(error);
  return [isUnavailable(error) ? `The database cannot be reached: ${line}` : line];
}

/** The first line of the message; of an error without one, its code: a refused connection has several causes and none. */
function firstLine(error: unknown): string {
  const [line = ''] = messageOf(error).trim().split('\n');
  return line === '' ? (errorCode(error) ?? 'unknown failure') : line;
}

/** Not by `instanceof`: a driver's native code makes errors that are of another realm. */
function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(error);
}
