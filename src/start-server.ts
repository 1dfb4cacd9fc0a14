import type { AddressInfo } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import type { Config } from './config/config';
import { assertMigrated } from './database/assert-migrated';
import { Database } from './database/database';
import { Demo } from './demo/demo';
import { bannerText } from './demo/demo-banner';
import { demoFolder, startDemoEnvironment } from './demo/demo-environment';
import { setupApp } from './setup-app';
import { startWorker } from './start-worker';
import { LoggerModule } from './telemetry/logger.module';

/** Starts what the configuration's role says, in demo mode with simulated providers and a ready account. */
export async function startServer(config: Config): Promise<INestApplicationContext> {
  if (config.role === 'worker') return startWorker(config);
  return config.demo ? startDemo(config) : listen(await create(config), config);
}

async function startDemo(given: Config): Promise<NestExpressApplication> {
  const { config, simulator } = await startDemoEnvironment(given);
  const app = await create(config);
  app.getHttpServer().once('close', () => void simulator.close());
  await app.init();
  const account = await app.get(Demo, { strict: false }).prepare(demoFolder(config), simulator);
  await listen(app, config);
  process.stdout.write(bannerText({ ...account, url: localUrl(app), simulatorUrl: simulator.url }));
  return app;
}

async function create(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
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

async function listen(app: NestExpressApplication, { http }: Config): Promise<NestExpressApplication> {
  await app.listen(http.port, http.host);
  return app;
}

function localUrl(app: NestExpressApplication): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://localhost:${port}`;
}
