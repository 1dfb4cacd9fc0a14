import { type DynamicModule, Module } from '@nestjs/common';
import { CONFIG } from './config';
import { perConfig } from './per-config';

/** Provides the `CONFIG` token; every module that injects it imports `ConfigModule.forRoot(config)`. */
@Module({})
export class ConfigModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: ConfigModule,
    providers: [{ provide: CONFIG, useValue: config }],
    exports: [CONFIG],
  }));
}
