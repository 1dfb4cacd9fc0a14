import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Clock } from '../../common/clock';
import type { AppError } from '../../common/errors/app-error';
import { describeError } from '../../telemetry/describe-error';
import { requestIdOf } from '../../telemetry/request-id';
import { errorBody } from '../envelope/envelope';
import { sendJson } from '../envelope/send-json';
import { toAppError } from './to-app-error';

/** Answers every error of every layer above Node's parser with the envelope. */
@Catch()
export class AppExceptionFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly clock: Clock) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const requestId = requestIdOf(http.getRequest<Request>());
    const error = toAppError(exception);
    if (error.status >= 500) this.log(error, requestId);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const retryAfterS = error.retryAfterS ?? (error.reason === 'UNAVAILABLE' ? 1 : undefined);
    if (retryAfterS !== undefined) response.setHeader('Retry-After', String(Math.ceil(retryAfterS)));
    response.statusCode = error.status;
    sendJson(response, errorBody(error, requestId, this.clock.now()));
  }

  private log(error: AppError, requestId: string): void {
    const entry = { request_id: requestId, reason: error.reason, err: describeError(error.cause ?? error) };
    if (error.reason === 'INTERNAL') this.logger.error({ ...entry, msg: 'Request failed' });
    else this.logger.warn({ ...entry, msg: 'Request could not be served' });
  }
}
