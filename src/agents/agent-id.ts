import { AppError } from '../common/errors/app-error';
import { isId } from '../common/ids';
import { decodePageCursor } from '../http/pagination/page';

/** Ties a cursor to the list of agents. */
export const AGENT_LIST = 'agent';

/** @throws AppError `AGENT_NOT_FOUND` for what has not the form of an agent's id: no query could find it */
export function readAgentId(value: string): string {
  return isId('agent', value) ? value : agentNotFound(value);
}

export function agentNotFound(agentId: string): never {
  throw new AppError('AGENT_NOT_FOUND', { details: [{ field: 'agent_id', message: 'no such agent', value: agentId }] });
}

/**
 * The agent that the page starts after. Whatever else a forged cursor holds never reaches the database.
 * @throws AppError `VALIDATION_FAILED`
 */
export function readAgentCursor(cursor: string | undefined): string | undefined {
  const key = decodePageCursor(AGENT_LIST, cursor);
  if (key === undefined || isId('agent', key)) return key;
  const message = 'cursor is not one of this list';
  throw new AppError('VALIDATION_FAILED', { details: [{ field: 'cursor', message, value: cursor }] });
}
