import { Columns } from './columns';

const sqlite = new Columns('sqlite');
const mysql = new Columns('mysql');

describe('Columns', () => {
  it('compares ASCII byte by byte on MySQL', () => {
    expect(mysql.ascii('provider', 16)).toEqual({
      name: 'provider',
      type: 'varchar',
      length: '16',
      charset: 'ascii',
      collation: 'ascii_bin',
    });
    expect(sqlite.ascii('provider', 16)).toEqual({ name: 'provider', type: 'varchar', length: '16' });
  });

  it('has room in an id for the longest prefix and a ULID', () => {
    expect(mysql.id('agent_id')).toMatchObject({ length: '32', collation: 'ascii_bin' });
  });

  it('keeps any script, told apart by case, on MySQL', () => {
    const utf8 = { charset: 'utf8mb4', collation: 'utf8mb4_bin' };
    expect(mysql.string('name', 255)).toEqual({ name: 'name', type: 'varchar', length: '255', ...utf8 });
    expect(mysql.text('prompt')).toEqual({ name: 'prompt', type: 'text', ...utf8 });
    expect(sqlite.string('name', 255)).toEqual({ name: 'name', type: 'varchar', length: '255' });
    expect(sqlite.text('prompt')).toEqual({ name: 'prompt', type: 'text' });
  });

  it('has types that the dialect knows', () => {
    const types = (columns: Columns) =>
      [columns.json('a'), columns.integer('a'), columns.time('a'), columns.boolean('a')].map(({ type }) => type);
    expect(types(mysql)).toEqual(['json', 'int', 'bigint', 'tinyint']);
    expect(types(sqlite)).toEqual(['json', 'integer', 'bigint', 'boolean']);
  });

  it('lets a migration say more of a column', () => {
    for (const columns of [mysql, sqlite]) {
      expect(columns.time('expires_at', { isNullable: true })).toMatchObject({ isNullable: true });
      expect(columns.integer('attempts', { default: 0 })).toMatchObject({ default: 0 });
      expect(columns.boolean('verified', { isNullable: true })).toMatchObject({ isNullable: true });
      expect(columns.json('voice', { isNullable: true })).toMatchObject({ isNullable: true });
      expect(columns.text('prompt', { isNullable: true })).toMatchObject({ isNullable: true });
      expect(columns.string('label', 9, { isNullable: true })).toMatchObject({ isNullable: true });
      expect(columns.id('account_id', { isPrimary: true })).toMatchObject({ isPrimary: true });
    }
  });
});
