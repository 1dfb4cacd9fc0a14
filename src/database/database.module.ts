import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config';
import { perConfig } from '../config/per-config';
import { Database } from './database';
import { runMigrations } from './migrate';
import { openDataSource } from './open-data-source';

/** Gives the `Database`, opened and, where the configuration says so, migrated. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: DatabaseModule,
    providers: [
      { provide: DataSource, useFactory: () => openAndMigrate(config) },
      {
        provide: Database,
        useFactory: (dataSource: DataSource) => new Database(dataSource, config.database.kind),
        inject: [DataSource],
      },
    ],
    exports: [Database],
  }));

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

async function openAndMigrate(config: Config): Promise<DataSource> {
  const dataSource = await openDataSource(config.database);
  if (config.migrate) await runMigrations(dataSource);
  return dataSource;
}
