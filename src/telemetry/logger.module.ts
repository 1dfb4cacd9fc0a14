import { Module, RequestMethod, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { Logger as PinoNestLogger, LoggerModule as PinoModule } from 'nestjs-pino';
import type { Config } from '../config/config';
import { perConfig } from '../config/per-config';
import { createLogger } from './pino-logger';
import { logRequests } from './request-log';

/** Nest's injection token of the middleware that logs requests; `null` where nothing is logged. */
export const REQUEST_LOG = Symbol('REQUEST_LOG');

export type RequestLog = RequestHandler | null;

/** Logging with pino: one line a request, and the request's id on every line written while it is served. */
@Module({})
export class LoggerModule {
  static readonly forRoot = perConfig((config): DynamicModule => loggerModule(config));

  /** Sends everything that Nest and the application log through pino, what was buffered until now included. */
  static attach(app: INestApplicationContext): void {
    app.useLogger(app.get(PinoNestLogger));
    app.flushLogs();
  }
}

/** A silent logger is mounted on no route, so that it costs a request nothing. */
function loggerModule({ log }: Config): DynamicModule {
  const logger = createLogger(log);
  const isSilent = log.level === 'silent';
  return {
    module: LoggerModule,
    imports: [
      PinoModule.forRoot({
        pinoHttp: { logger },
        // Takes the logger that the request has been given, rather than running pino-http.
        useExisting: true,
        forRoutes: isSilent ? [] : [{ path: '{*path}', method: RequestMethod.ALL }],
      }),
    ],
    providers: [{ provide: REQUEST_LOG, useValue: isSilent ? null : logRequests(logger) }],
    exports: [REQUEST_LOG],
  };
}
