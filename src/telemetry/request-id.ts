import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const ACCEPTABLE = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Gives every request an id, the caller's `X-Request-Id` where that is acceptable, and every response the header. It
 * comes before everything else, so that there is no answer without it.
 */
export function requestId(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
  request.id = id;
  response.setHeader('X-Request-Id', id);
  next();
}

/** The id that `requestId` gave. */
export function requestIdOf(request: { readonly id?: unknown }): string {
  return typeof request.id === 'string' ? request.id : 'unknown';
}
