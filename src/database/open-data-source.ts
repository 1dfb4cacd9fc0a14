import { DataSource, getMetadataArgsStorage } from 'typeorm';
import type { DatabaseConfig } from '../config/config';
import { dataSourceOptions } from './data-source-options';

/** Opens the database with every entity class that the program has loaded. */
export async function openDataSource(config: DatabaseConfig): Promise<DataSource> {
  const entities = getMetadataArgsStorage().tables.map(({ target }) => target as new () => object);
  const dataSource = new DataSource(await dataSourceOptions(config, entities));
  await dataSource.initialize();
  if (config.kind === 'mysql') await readCommitted(dataSource);
  return dataSource;
}

interface NewConnection {
  query(sql: string, onResult: (error: unknown) => void): void;
  destroy(): void;
}

interface PoolEvents {
  on(event: 'connection', listener: (connection: NewConnection) => void): void;
}

/**
 * READ COMMITTED for every connection of the pool, once: as a data source option it would cost each transaction a
 * statement of its own. It spares attach the gap locks of REPEATABLE READ, the usual cause of its deadlocks.
 */
async function readCommitted(dataSource: DataSource): Promise<void> {
  const statement = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';
  const { pool } = dataSource.driver as unknown as { pool: PoolEvents };
  pool.on('connection', (connection) => connection.query(statement, (error) => error && connection.destroy()));
  // The one connection that opening the pool has made already.
  await dataSource.query(statement);
}
