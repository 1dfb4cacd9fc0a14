import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Mutex } from 'async-mutex';
import type { DataSource, EntityManager } from 'typeorm';
import { backoffDelay } from '../common/backoff';
import { AppError } from '../common/errors/app-error';
import { BoundedConnections } from './bounded-connections';
import { databaseErrorKind } from './db-errors';
import type { Dialect } from './dialect';

export type Work<T> = (manager: EntityManager) => Promise<T>;

const MAX_TRIES = 8;
const RETRY_BACKOFF = { baseMs: 10, maxMs: 250 };
/** How long a server may stay silent on MySQL, in milliseconds. A transaction may also have to wait for locks. */
const TRANSACTION_LIMIT_MS = 4_000;
const READ_LIMIT_MS = 3_000;

/**
 * The only way to the database: every statement runs inside `transaction` or `read`.
 *
 * On SQLite TypeORM has one connection, on which another request's statement would join whatever transaction happens
 * to be open (https://github.com/typeorm/typeorm/issues/1884), so both queue there and may not be nested.
 */
export class Database {
  private readonly queue = new Mutex();
  private readonly inside = new AsyncLocalStorage<true>();
  private readonly connections: BoundedConnections;

  constructor(
    readonly dataSource: DataSource,
    readonly dialect: Dialect,
  ) {
    this.connections = new BoundedConnections(dataSource);
  }

  /**
   * Runs `work` in a transaction, READ COMMITTED on MySQL. On a deadlock, a lock wait timeout or a failed
   * certification the whole of it runs again, so it must do nothing but database work.
   * @throws AppError `UNAVAILABLE` when it still conflicts after the last try, or the server does not answer
   */
  async transaction<T>(work: Work<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (databaseErrorKind(error) !== 'conflict') throw error;
        if (attempt === MAX_TRIES) throw new AppError('UNAVAILABLE', { retryAfterS: 1, cause: error });
      }
      await delay(backoffDelay(attempt, RETRY_BACKOFF));
    }
  }

  /**
   * Runs statements that change nothing, each on its own.
   * @throws AppError `UNAVAILABLE` when the server does not answer
   */
  read<T>(work: Work<T>): Promise<T> {
    return this.dialect === 'sqlite'
      ? this.exclusively(() => work(this.dataSource.manager))
      : this.connections.use(READ_LIMIT_MS, work);
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.read((manager) => manager.query<unknown>('SELECT 1'));
  }

  private once<T>(work: Work<T>): Promise<T> {
    return this.dialect === 'sqlite'
      ? this.exclusively(() => this.dataSource.transaction(work))
      : this.connections.use(TRANSACTION_LIMIT_MS, (manager) => manager.transaction(work));
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside.getStore()) throw new Error('Database work inside database work would wait for itself');
    return this.queue.runExclusive(() => this.inside.run(true, work));
  }
}
