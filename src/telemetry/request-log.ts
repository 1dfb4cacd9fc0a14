import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { redactPath } from './redact-path';
import { requestIdOf } from './request-id';

type LoggedRequest = Request & { readonly principal?: { readonly accountId: string } };

/**
 * Writes one line a request, when it is over. The line has neither headers nor query, which hold tokens and telephone
 * numbers. It does what pino-http does in half of the time.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (request: LoggedRequest, response: Response, next: NextFunction) => {
    const startMs = performance.now();
    response.once('close', () => {
      const entry = {
        request_id: requestIdOf(request),
        method: request.method,
        path: redactPath(request.originalUrl),
        status: response.statusCode,
        duration_ms: Math.round((performance.now() - startMs) * 10) / 10,
        account_id: request.principal?.accountId,
      };
      if (response.writableFinished) logger.info(entry, 'request completed');
      else logger.warn(entry, 'request aborted');
    });
    next();
  };
}
