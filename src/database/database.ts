import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Mutex } from 'async-mutex';
import type { DataSource, EntityManager } from 'typeorm';
import { backoffDelay } from '../common/backoff';
import { AppError } from '../common/errors/app-error';
import { databaseErrorKind } from './db-errors';
import type { Dialect } from './dialect';

export type Work<T> = (manager: EntityManager) => Promise<T>;

const MAX_TRIES = 8;
const RETRY_BACKOFF = { baseMs: 10, maxMs: 250 };

/**
 * The only way to the database: every statement runs inside `transaction` or `read`.
 *
 * On SQLite TypeORM has one connection, on which another request's statement would join whatever transaction happens
 * to be open (https://github.com/typeorm/typeorm/issues/1884), so both queue there and may not be nested.
 */
export class Database {
  private readonly queue = new Mutex();
  private readonly inside = new AsyncLocalStorage<true>();

  constructor(
    readonly dataSource: DataSource,
    readonly dialect: Dialect,
  ) {}

  /**
   * Runs `work` in a transaction, READ COMMITTED on MySQL. On a deadlock, a lock wait timeout or a failed
   * certification the whole of it runs again, so it must do nothing but database work.
   * @throws AppError `UNAVAILABLE` when it still conflicts after the last try
   */
  async transaction<T>(work: Work<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.exclusively(() => this.dataSource.transaction(work));
      } catch (error) {
        if (databaseErrorKind(error) !== 'conflict') throw error;
        if (attempt === MAX_TRIES) throw new AppError('UNAVAILABLE', { retryAfterS: 1, cause: error });
      }
      await delay(backoffDelay(attempt, RETRY_BACKOFF));
    }
  }

  /** Runs statements that change nothing, each on its own. */
  read<T>(work: Work<T>): Promise<T> {
    return this.exclusively(() => work(this.dataSource.manager));
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.read((manager) => manager.query<unknown>('SELECT 1'));
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.dialect !== 'sqlite') return work();
    if (this.inside.getStore()) throw new Error('Database work inside database work would wait for itself');
    return this.queue.runExclusive(() => this.inside.run(true, work));
  }
}
