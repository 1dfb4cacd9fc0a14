import { CliError } from './cli-error';

const MAX_LENGTH = 255;

/**
 * Reads the name of an account, without the blanks around it.
 * @throws CliError when nothing is left, or too much, or it holds control characters
 */
export function parseAccountName(text: string): string {
  const name = text.trim();
  if (name === '') throw new CliError('--account must not be blank');
  if (name.length > MAX_LENGTH) throw new CliError(`--account must have at most ${MAX_LENGTH} characters`);
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) throw new CliError('--account must not hold control characters');
  return name;
}
