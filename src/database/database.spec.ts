import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { AppError } from '../common/errors/app-error';
import { Database } from './database';
import { openDataSource } from './open-data-source';
import { affectedRows, selectRows } from './sql';

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A data source whose transactions fail with these errors in turn, then give `done`. */
function failing(...errors: Error[]) {
  const transaction = jest.fn(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve('done');
  });
  return { transaction, dataSource: lending({ transaction }) };
}

/** A data source that lends connections which all have this manager. */
function lending(manager: object): DataSource {
  const connect = () => Promise.resolve({ release: () => undefined, destroy: () => undefined });
  return { createQueryRunner: () => ({ connect, release: () => Promise.resolve(), manager }) } as unknown as DataSource;
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('Database on SQLite', () => {
  let dataSource: DataSource;
  let database: Database;

  beforeEach(async () => {
    dataSource = await openDataSource({ kind: 'sqlite', path: ':memory:' });
    await dataSource.query('CREATE TABLE item (name text PRIMARY KEY, count integer NOT NULL)');
    await dataSource.query("INSERT INTO item VALUES ('apple', 0)");
    database = new Database(dataSource, 'sqlite');
  });

  afterEach(() => dataSource.destroy());

  const insert = (manager: EntityManager, name: string) =>
    affectedRows(manager, 'INSERT INTO item VALUES (?, 1)', [name]);
  const names = () =>
    database.read(async (manager) =>
      (await selectRows<{ name: string }>(manager, 'SELECT name FROM item ORDER BY name', [])).map(({ name }) => name),
    );
  const countApples = async (manager: EntityManager) => {
    const [row] = await selectRows<{ count: number }>(manager, "SELECT count FROM item WHERE name = 'apple'", []);
    return row?.count ?? -1;
  };

  it('gives the result of the work and keeps what it wrote', async () => {
    await expect(
      database.transaction(async (manager) => {
        await insert(manager, 'pear');
        return 42;
      }),
    ).resolves.toBe(42);
    expect(await names()).toEqual(['apple', 'pear']);
  });

  it('does not interleave parallel transactions', async () => {
    const addOne = () =>
      database.transaction(async (manager) => {
        const count = await countApples(manager);
        await nextTurn();
        await affectedRows(manager, "UPDATE item SET count = ? WHERE name = 'apple'", [count + 1]);
      });
    await Promise.all(Array.from({ length: 50 }, addOne));
    expect(await database.read(countApples)).toBe(50);
  });

  it('takes nothing of a neighbour along when a transaction fails', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        database.transaction(async (manager) => {
          await insert(manager, `item${String(index).padStart(2, '0')}`);
          await nextTurn();
          if (index % 2 === 1) throw new Error('odd');
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    const even = Array.from({ length: 10 }, (_, index) => `item${String(index * 2).padStart(2, '0')}`);
    expect(await names()).toEqual(['apple', ...even]);
  });

  it('reads nothing that is not committed', async () => {
    const writing = database.transaction(async (manager) => {
      await insert(manager, 'ghost');
      await nextTurn();
      throw new Error('vanish');
    });
    const seen = names();
    await expect(writing).rejects.toThrow('vanish');
    expect(await seen).toEqual(['apple']);
  });

  it.each([
    ['a transaction in a transaction', () => database.transaction(() => database.transaction(() => Promise.resolve()))],
    ['a read in a transaction', () => database.transaction(() => database.read(() => Promise.resolve()))],
    ['a transaction in a read', () => database.read(() => database.transaction(() => Promise.resolve()))],
  ])('refuses %s rather than wait for itself, and goes on working', async (_what, nested) => {
    await expect(nested()).rejects.toThrow('would wait for itself');
    expect(await names()).toEqual(['apple']);
    await database.transaction((manager) => insert(manager, 'pear'));
    expect(await names()).toEqual(['apple', 'pear']);
  });

  it('lets a constraint speak', async () => {
    const error = await rejectionOf(database.transaction((manager) => insert(manager, 'apple')));
    expect(error).toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  });

  it('runs a conflicting transaction again from its start, others meanwhile', async () => {
    let tries = 0;
    const conflicting = database.transaction(async (manager) => {
      await insert(manager, 'pear');
      if (++tries < 3) throw coded('SQLITE_BUSY');
    });
    await database.transaction((manager) => insert(manager, 'fig'));
    expect(tries).toBe(1);
    await conflicting;
    expect(tries).toBe(3);
    expect(await names()).toEqual(['apple', 'fig', 'pear']);
  });
});

describe('Database on MySQL', () => {
  it.each(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT'])('tries again after %s', async (code) => {
    const { dataSource, transaction } = failing(coded(code), coded(code));
    await expect(new Database(dataSource, 'mysql').transaction(() => Promise.resolve('work'))).resolves.toBe('done');
    expect(transaction).toHaveBeenCalledTimes(3);
  });

  it.each(['ER_DUP_ENTRY', 'ECONNREFUSED', 'ER_PARSE_ERROR'])('does not repeat after %s', async (code) => {
    const { dataSource, transaction } = failing(coded(code));
    await expect(new Database(dataSource, 'mysql').transaction(() => Promise.resolve())).rejects.toThrow(code);
    expect(transaction).toHaveBeenCalledTimes(1);
  });

  it('does not repeat what the service itself has refused', async () => {
    const refusal = new AppError('NUMBER_ALREADY_ATTACHED');
    const { dataSource, transaction } = failing(refusal);
    await expect(new Database(dataSource, 'mysql').transaction(() => Promise.resolve())).rejects.toBe(refusal);
    expect(transaction).toHaveBeenCalledTimes(1);
  });

  it('gives up as UNAVAILABLE after its last try, and keeps the cause for the log', async () => {
    const deadlock = coded('ER_LOCK_DEADLOCK');
    const { dataSource, transaction } = failing(...Array<Error>(100).fill(deadlock));
    const error = await rejectionOf(new Database(dataSource, 'mysql').transaction(() => Promise.resolve()));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ reason: 'UNAVAILABLE', status: 503, retryAfterS: 1, cause: deadlock });
    expect(transaction).toHaveBeenCalledTimes(8);
  });

  it('lets transactions and reads run beside each other', async () => {
    const started: string[] = [];
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const transaction = (work: (manager: EntityManager) => Promise<unknown>) => work({} as EntityManager);
    const database = new Database(lending({ transaction }), 'mysql');
    const work = (name: string) => () => {
      started.push(name);
      return finished;
    };
    const all = [database.transaction(work('a')), database.transaction(work('b')), database.read(work('c'))];
    await nextTurn();
    expect(started).toEqual(['a', 'b', 'c']);
    finish();
    await Promise.all(all);
  });
});
