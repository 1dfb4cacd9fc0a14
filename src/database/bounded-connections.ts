import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { AppError } from '../common/errors/app-error';
import { TooLateError, within } from '../common/within';
import { isUnavailable } from './db-errors';

interface PooledConnection {
  release(): void;
  destroy(): void;
}

/**
 * Lends connections of a MySQL pool for a limited time, so that work on a server that has stopped answering ends.
 *
 * The driver's own limit on a statement is no help there: it leaves the statement at the head of the connection's
 * queue, where everything after it, `ROLLBACK` and the next borrower's work too, waits without any limit. Hence the
 * connection is destroyed. And the pool lets a borrower wait for a connection as long as it takes.
 * Source: mysql2's lib/commands/query.js and lib/base/pool.js
 */
export class BoundedConnections {
  private lastAnswerAt = -Infinity;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` on a connection of its own. Whether what it had sent was still done is unknown after a timeout.
   * @throws AppError `UNAVAILABLE` when the work takes longer than `limitMs` (milliseconds), or has no connection yet
   * and the server has answered nobody for so long: a queue that moves is waited for
   */
  async use<T>(limitMs: number, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const connection = await this.acquire(runner, limitMs);
      const result = await answered(limitMs, work(runner.manager), () => connection.destroy());
      this.lastAnswerAt = performance.now();
      return result;
    } catch (error) {
      if (!isUnavailable(error) && !isSilence(error)) this.lastAnswerAt = performance.now();
      throw error;
    } finally {
      await runner.release();
    }
  }

  private acquire(runner: QueryRunner, limitMs: number): Promise<PooledConnection> {
    const acquiring = runner.connect() as Promise<PooledConnection>;
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const check = () => {
        const silentMs = performance.now() - Math.max(startedAt, this.lastAnswerAt);
        if (silentMs < limitMs) {
          timer = setTimeout(check, limitMs - silentMs);
          return;
        }
        reject(silence(limitMs));
        acquiring.then((late) => late.release()).catch(() => undefined);
      };
      let timer = setTimeout(check, limitMs);
      void acquiring.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

async function answered<T>(limitMs: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  try {
    return await within(limitMs, work);
  } catch (error) {
    if (!(error instanceof TooLateError)) throw error;
    giveUp();
    throw silence(limitMs);
  }
}

class Silence extends Error {}

function silence(limitMs: number): AppError {
  const cause = new Silence(`The database has not answered for ${limitMs / 1000} s`);
  return new AppError('UNAVAILABLE', { retryAfterS: 1, cause });
}

function isSilence(error: unknown): boolean {
  return error instanceof AppError && error.cause instanceof Silence;
}
