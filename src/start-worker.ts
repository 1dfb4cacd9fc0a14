import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from './config/config';
import { assertMigrated } from './database/assert-migrated';
import { Database } from './database/database';
import { LoggerModule } from './telemetry/logger.module';
import { WorkerModule } from './worker.module';

/** Starts a process that only settles routes, whatever `ROLE` says. */
export async function startWorker(config: Config): Promise<INestApplicationContext> {
  const worker: Config = { ...config, role: 'worker' };
  const context = await NestFactory.createApplicationContext(WorkerModule.forRoot(worker), {
    bufferLogs: true,
    logger: false,
    abortOnError: false,
  });
  LoggerModule.attach(context);
  await assertMigrated(context.get(Database, { strict: false }));
  return context.enableShutdownHooks();
}
