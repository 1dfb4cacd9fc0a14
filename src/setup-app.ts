import { ShutdownSignal } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { systemClock } from './common/clock';
import type { Config } from './config/config';
import { wrapReplies } from './http/envelope/envelope-replies';
import { AppExceptionFilter } from './http/errors/app-exception.filter';
import { buildDocument } from './http/openapi/document';
import { PrepareRouteGuard } from './http/prepare-route.guard';
import { configureServer, requireHost } from './http/server/configure-server';
import { ConnectionDrain } from './http/server/connection-drain';
import { securityHeaders } from './http/server/security-headers';
import { AppValidationPipe } from './http/validation/validation.pipe';
import { observeRequests } from './telemetry/http-metrics';
import { REQUEST_LOG, type RequestLog } from './telemetry/logger.module';
import { Metrics } from './telemetry/metrics';
import { requestId } from './telemetry/request-id';

/** Everything done to a Nest application (created with `bodyParser: false`) before it listens. */
export function setupApp(app: NestExpressApplication, config: Config): void {
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');

  const server = app.getHttpServer();
  configureServer(server, systemClock);
  app.get(ConnectionDrain, { strict: false }).watch(server);
  app.enableShutdownHooks([ShutdownSignal.SIGTERM, ShutdownSignal.SIGINT]);

  const metrics = app.get(Metrics, { strict: false });
  const requestLog = app.get<RequestLog>(REQUEST_LOG, { strict: false });
  const isHttps = config.http.publicUrl.startsWith('https:');
  app.use(requestId, observeRequests(metrics), securityHeaders(isHttps));
  if (requestLog) app.use(requestLog);
  app.use(requireHost);
  app.useGlobalFilters(new AppExceptionFilter(systemClock));
  app.useGlobalGuards(new PrepareRouteGuard());
  app.useGlobalPipes(new AppValidationPipe());
  wrapReplies(app.getHttpAdapter(), systemClock);

  SwaggerModule.setup('docs', app, () => buildDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Patchbay API',
    swaggerOptions: { persistAuthorization: true, tryItOutEnabled: true },
  });
}
