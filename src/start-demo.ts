import type { AddressInfo } from 'node:net';
import { type DynamicModule, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module';
import type { Config } from './config/config';
import { createApp, listen } from './create-app';
import { Demo } from './demo/demo';
import { bannerText } from './demo/demo-banner';
import { demoFolder, startDemoEnvironment } from './demo/demo-environment';
import { DemoModule } from './demo/demo.module';

/** The application with the demo's account. */
@Module({})
class DemoAppModule {
  static forRoot(config: Config): DynamicModule {
    return { module: DemoAppModule, imports: [AppModule.forRoot(config), DemoModule.forRoot(config)] };
  }
}

/** Starts the application with simulated providers and a ready account, and says how to try it. */
export async function startDemo(given: Config): Promise<NestExpressApplication> {
  const { config, simulator } = await startDemoEnvironment(given);
  const app = await createApp(DemoAppModule.forRoot(config), config);
  app.getHttpServer().once('close', () => void simulator.close());
  await app.init();
  const account = await app.get(Demo, { strict: false }).prepare(demoFolder(config), simulator);
  await listen(app, config);
  process.stdout.write(bannerText({ ...account, url: localUrl(app), simulatorUrl: simulator.url }));
  return app;
}

function localUrl(app: NestExpressApplication): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://localhost:${port}`;
}
