import type { INestApplicationContext } from '@nestjs/common';
import { AppModule } from './app.module';
import type { Config } from './config/config';
import { createApp, listen } from './create-app';
import { startWorker } from './start-worker';

/** Starts what the configuration's role says, in demo mode with simulated providers and a ready account. */
export async function startServer(config: Config): Promise<INestApplicationContext> {
  if (config.role === 'worker') return startWorker(config);
  if (!config.demo) return listen(await createApp(AppModule.forRoot(config), config), config);
  // Only now: eight simulated vendors are no part of a process that serves real ones.
  const { startDemo } = await import('./start-demo.js');
  return startDemo(config);
}
