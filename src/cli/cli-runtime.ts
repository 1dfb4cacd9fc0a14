import type { INestApplicationContext } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Clock } from '../common/clock';
import type { Config } from '../config/config';

/** What the commands need from the process they run in; tests bring their own. */
export interface CliRuntime {
  readonly clock: Clock;
  /** @throws ConfigError */
  config(): Config;
  /** The services without HTTP, on the database of the configuration. */
  openServices(config: Config): Promise<INestApplicationContext>;
  /** The whole application, set up as for serving, but not listening. */
  openApp(config: Config): Promise<NestExpressApplication>;
  /** Writes to the standard output. */
  out(text: string): void;
  /** Writes to the standard error. */
  err(text: string): void;
}

/** Runs work on the services and closes them, whatever comes of it. */
export async function withServices<T>(
  runtime: CliRuntime,
  config: Config,
  work: (services: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const services = await runtime.openServices(config);
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}
