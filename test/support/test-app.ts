import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { agent } from 'supertest';
import { AppModule } from '../../src/app.module';
import type { GrantedScope } from '../../src/auth/scopes';
import { TokenService } from '../../src/auth/token.service';
import type { Config } from '../../src/config/config';
import { setupApp } from '../../src/setup-app';
import { DEMO_SEED } from '../../src/simulator/demo-seed';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator';
import { type ConfigOverrides, testConfig } from './test-config';
import { createTestDatabase, type TestDatabase } from './test-database';

export interface TestAppOptions {
  readonly config?: ConfigOverrides;
  /** The demo's accounts and numbers unless told otherwise. */
  readonly simulator?: SimulatorOptions;
  /** One that is there already, which then outlives the application; otherwise a fresh one that goes with it. */
  readonly database?: TestDatabase;
}

export interface TokenRequest {
  /** An account's name; made where it is new. */
  readonly account?: string;
  /** Every scope unless told otherwise. */
  readonly scopes?: readonly GrantedScope[];
}

/** Requests that carry the token they were asked for, if any: `api(token).post('/api/agent').send({…})`. */
export type ApiClient = ReturnType<typeof agent>;

/** The application as `main.ts` starts it, listening on 127.0.0.1, with the simulator for vendors. */
export class TestApp {
  private constructor(
    readonly config: Config,
    readonly simulator: Simulator,
    readonly database: TestDatabase,
    private readonly ownsDatabase: boolean,
    private running: NestExpressApplication,
  ) {}

  static async start(options: TestAppOptions = {}): Promise<TestApp> {
    const simulator = await startSimulator(options.simulator ?? { seed: DEMO_SEED });
    try {
      const database = options.database ?? (await createTestDatabase());
      const config = testConfig({
        database: database.config,
        providerUrls: simulator.vendorUrls(),
        ...options.config,
      });
      try {
        return new TestApp(config, simulator, database, !options.database, await listen(config));
      } catch (error) {
        if (!options.database) await database.drop();
        throw error;
      }
    } catch (error) {
      await simulator.close();
      throw error;
    }
  }

  /** Another one after `restart`. */
  get url(): string {
    const { port } = this.running.getHttpServer().address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** For a test that looks behind the API, or moves a clock. */
  get nest(): NestExpressApplication {
    return this.running;
  }

  api(token?: string): ApiClient {
    const client = agent(this.url);
    return token === undefined ? client : client.set('token', token);
  }

  createToken({ account = 'test account', scopes = ['*'] }: TokenRequest = {}) {
    return this.running.get(TokenService, { strict: false }).create({ accountName: account, scopes });
  }

  /** Stops and starts the application alone: the database and the vendors' state stay. */
  async restart(): Promise<void> {
    await this.running.close();
    this.running = await listen(this.config);
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.simulator.close();
    if (this.ownsDatabase) await this.database.drop();
  }
}

export function startTestApp(options?: TestAppOptions): Promise<TestApp> {
  return TestApp.start(options);
}

async function listen(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(config), {
    bodyParser: false,
    logger: false,
    // The default ends the process, and with it the test runner.
    abortOnError: false,
  });
  try {
    setupApp(app, config);
    await app.listen(config.http.port, '127.0.0.1');
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}
