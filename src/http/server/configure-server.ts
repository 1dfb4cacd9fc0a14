import type { Server } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import type { Clock } from '../../common/clock';
import { AppError } from '../../common/errors/app-error';
import { answerClientErrors } from './client-error';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the usual 60 s of load balancers, which must not reuse a connection that is being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const CONNECTION_CHECK_MS = 5_000;

/** Sets time limits, and takes over from Node the answers that it would give without an envelope. */
export function configureServer(server: Server, clock: Clock): void {
  Object.assign(server, {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Options of createServer, which the server reads again when it listens; Nest's adapter does not pass them on.
    connectionsCheckingInterval: CONNECTION_CHECK_MS,
    requireHostHeader: false,
  });
  server.on('clientError', answerClientErrors(clock));
  // An expectation that we do not know may be ignored: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
}

/** A request of HTTP/1.1 must name its host: https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
export function requireHost(request: Request, _response: Response, next: NextFunction): void {
  const isMissing = request.headers.host === undefined && request.httpVersion === '1.1';
  next(isMissing ? new AppError('MALFORMED_REQUEST') : undefined);
}
