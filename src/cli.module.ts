import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module';
import type { Config } from './config/config';
import { DatabaseModule } from './database/database.module';

/** The services that the commands use, without the HTTP side. */
@Module({})
export class CliModule {
  static forRoot(config: Config): DynamicModule {
    return { module: CliModule, imports: [DatabaseModule.forRoot(config), AuthModule.forRoot(config)] };
  }
}
