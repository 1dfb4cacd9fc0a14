import { ALL_SCOPES, type GrantedScope, isGrantedScope, SCOPES } from '../auth/scopes';
import { CliError } from './cli-error';

/**
 * Reads scopes separated by commas or blanks, each once.
 * @throws CliError naming every word that is no scope
 */
export function parseScopes(text: string): GrantedScope[] {
  const words = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
  const unknown = words.filter((word) => !isGrantedScope(word));
  const known = `known are ${SCOPES.join(', ')}, and ${ALL_SCOPES} for all`;
  if (words.length === 0) throw new CliError(`--scopes names no scope; ${known}`);
  if (unknown.length > 0) throw new CliError(`--scopes has unknown scopes: ${unknown.join(', ')}; ${known}`);
  return words.filter(isGrantedScope);
}
