import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { redactPath } from './redact-path';
import { requestIdOf } from './request-id';

type LoggedRequest = Request & { log?: Logger; readonly principal?: { readonly accountId: string } };

/**
 * Writes one line a request, when it is over, and gives the request a logger whose lines carry its id. The line has
 * neither headers nor query, which hold tokens and telephone numbers. It does what pino-http does in half of the time.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (request: LoggedRequest, response: Response, next: NextFunction) => {
    const startMs = performance.now();
    const log = logger.child({ request_id: requestIdOf(request) });
    request.log = log;
    response.once('close', () => {
      const entry = {
        method: request.method,
        path: redactPath(request.originalUrl),
        status: response.statusCode,
        duration_ms: Math.round((performance.now() - startMs) * 10) / 10,
        account_id: request.principal?.accountId,
      };
      if (response.writableFinished) log.info(entry, 'request completed');
      else log.warn(entry, 'request aborted');
    });
    next();
  };
}
