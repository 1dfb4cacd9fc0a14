import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Config } from './config/config';
import { assertMigrated } from './database/assert-migrated';
import { Database } from './database/database';
import { setupApp } from './setup-app';
import { LoggerModule } from './telemetry/logger.module';

/** An application of these modules that is ready to listen. */
export async function createApp(root: DynamicModule, config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(root, {
    bodyParser: false,
    bufferLogs: true,
    // Until the log is attached; what is buffered goes there, and a failed start is told by whoever called.
    logger: false,
    abortOnError: false,
  });
  LoggerModule.attach(app);
  await assertMigrated(app.get(Database, { strict: false }));
  setupApp(app, config);
  return app;
}

export async function listen(app: NestExpressApplication, { http }: Config): Promise<NestExpressApplication> {
  await app.listen(http.port, http.host);
  return app;
}
