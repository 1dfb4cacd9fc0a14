import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { Logger as PinoNestLogger, LoggerModule as PinoModule } from 'nestjs-pino';
import type { Config } from '../config/config';
import { perConfig } from '../config/per-config';
import { createLogger } from './pino-logger';
import { logRequests } from './request-log';

/** Nest's injection token of the middleware that logs requests; `null` where nothing is logged. */
export const REQUEST_LOG = Symbol('REQUEST_LOG');

export type RequestLog = RequestHandler | null;

/** Logging with pino: one line a request, and a Nest logger for the rest. */
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
      // On no route: its middleware keeps each request's logger in an AsyncLocalStorage, which makes every promise of a
      // request dearer (a third more CPU for an attach on Node 20). Lines of errors name their request themselves.
      PinoModule.forRoot({ pinoHttp: { logger }, forRoutes: [] }),
    ],
    providers: [{ provide: REQUEST_LOG, useValue: isSilent ? null : logRequests(logger) }],
    exports: [REQUEST_LOG],
  };
}
