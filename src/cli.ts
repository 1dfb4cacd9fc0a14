import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import { CliModule } from './cli.module';
import { runCli } from './cli/run-cli';
import { systemClock } from './common/clock';
import type { Config } from './config/config';
import { loadConfig } from './config/load-config';
import { readEnvironment } from './config/read-environment';
import { setupApp } from './setup-app';

const options = { logger: false, abortOnError: false } as const;

async function openApp(config: Config): Promise<NestExpressApplication> {
  const appOptions = { ...options, bodyParser: false };
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), appOptions);
  setupApp(app, config);
  return app;
}

void runCli(process.argv.slice(2), {
  clock: systemClock,
  config: () => loadConfig(readEnvironment(process.cwd()), process.cwd(), { serves: false }),
  openServices: (config) => NestFactory.createApplicationContext(CliModule.forRoot(config), options),
  openApp,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
}).then((code) => (code === 0 ? undefined : process.exit(code)));
