import type { DataSource } from 'typeorm';
import { openDataSource } from './open-data-source';
import {
  affectedRows,
  alongIndex,
  forShare,
  forUpdate,
  jsonValue,
  placeholders,
  selectRows,
  skipLocked,
  skipTaken,
} from './sql';

describe('sql', () => {
  it.each([
    [0, ''],
    [1, '?'],
    [3, '?, ?, ?'],
  ])('writes %d placeholders', (count, text) => {
    expect(placeholders(count)).toBe(text);
  });

  // https://dev.mysql.com/doc/refman/8.0/en/innodb-locking-reads.html; MariaDB has no FOR SHARE.
  it('locks on MySQL in words that MariaDB knows too, and not on SQLite', () => {
    expect([forUpdate, forShare, skipLocked].map((part) => part('mysql'))).toEqual([
      ' FOR UPDATE',
      ' LOCK IN SHARE MODE',
      ' SKIP LOCKED',
    ]);
    expect([forUpdate, forShare, skipLocked].map((part) => part('sqlite'))).toEqual(['', '', '']);
  });

  it('skips taken keys in the words of each', () => {
    expect(skipTaken('mysql', 'name')).toBe(' ON DUPLICATE KEY UPDATE name = name');
    expect(skipTaken('sqlite', 'name')).toBe(' ON CONFLICT DO NOTHING');
  });

  it('reads JSON whether the driver has done so or not', () => {
    expect(jsonValue<object | null>('{"a":[1]}')).toEqual({ a: [1] });
    expect(jsonValue<object | null>({ a: [1] })).toEqual({ a: [1] });
    expect(jsonValue<object | null>(null)).toBeNull();
  });

  // https://mariadb.com/kb/en/force-index/, https://www.sqlite.org/lang_indexedby.html
  it('names an index to walk along in the words of each', () => {
    expect(alongIndex('mysql', 'ix_pet')).toBe(' FORCE INDEX (ix_pet)');
    expect(alongIndex('sqlite', 'ix_pet')).toBe(' INDEXED BY ix_pet');
  });

  describe('on SQLite', () => {
    let dataSource: DataSource;

    beforeEach(async () => {
      dataSource = await openDataSource({ kind: 'sqlite', path: ':memory:' });
      await dataSource.query('CREATE TABLE pet (name text PRIMARY KEY, age integer, tame boolean)');
      await dataSource.query("INSERT INTO pet VALUES ('Ada', 3, 1), ('Bob', 4, 0), ('Cat', 5, 0)");
    });

    afterEach(() => dataSource.destroy());

    it('gives rows with the names of the query', async () => {
      const rows = await selectRows(dataSource.manager, 'SELECT name AS petName, tame FROM pet WHERE age > ?', [3]);
      expect(rows).toEqual([
        { petName: 'Bob', tame: 0 },
        { petName: 'Cat', tame: 0 },
      ]);
    });

    it('counts the rows that matched, changed or not', async () => {
      const { manager } = dataSource;
      expect(await affectedRows(manager, 'UPDATE pet SET tame = ? WHERE age >= ?', [false, 4])).toBe(2);
      expect(await affectedRows(manager, 'DELETE FROM pet WHERE name = ?', ['Ada'])).toBe(1);
      expect(await affectedRows(manager, 'DELETE FROM pet WHERE name = ?', ['Ada'])).toBe(0);
      expect(
        await affectedRows(manager, `INSERT INTO pet (name) VALUES (?), (?)${skipTaken('sqlite', 'name')}`, [
          'Bob',
          'Dot',
        ]),
      ).toBe(1);
    });

    it("writes within its manager's transaction", async () => {
      const failing = dataSource.transaction(async (manager) => {
        expect(await affectedRows(manager, 'DELETE FROM pet', [])).toBe(3);
        expect(await selectRows(manager, 'SELECT name FROM pet', [])).toEqual([]);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await selectRows(dataSource.manager, 'SELECT name FROM pet', [])).toHaveLength(3);
    });

    it('leaves the list of parameters alone', async () => {
      const params = Object.freeze(['Ada']);
      expect(await selectRows(dataSource.manager, 'SELECT age FROM pet WHERE name = ?', params)).toEqual([{ age: 3 }]);
    });
  });
});
