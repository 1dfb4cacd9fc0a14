import { Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CONFIG, type Config } from './config';
import { ConfigModule } from './config.module';
import { loadConfig } from './load-config';

@Injectable()
class Reader {
  constructor(@Inject(CONFIG) readonly config: Config) {}
}

@Module({})
class Feature {}

it('gives the same configuration to every module that imports it, as one module', async () => {
  const config = loadConfig({ DATABASE_URL: 'sqlite::memory:' }, '/');
  const feature = { module: Feature, imports: [ConfigModule.forRoot(config)], providers: [Reader], exports: [Reader] };

  const context = await Test.createTestingModule({ imports: [feature, ConfigModule.forRoot(config)] }).compile();

  expect(context.get(Reader).config).toBe(config);
  expect(ConfigModule.forRoot(config)).toBe(ConfigModule.forRoot(config));
  expect(ConfigModule.forRoot({ ...config })).not.toBe(ConfigModule.forRoot(config));
});
