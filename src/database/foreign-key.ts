import type { TableForeignKeyOptions } from 'typeorm';

/**
 * A reference to the column of the same name in `table`. Its rules are spelt out: of a key without them MariaDB says
 * RESTRICT, and TypeORM would take it for another one than the entities'.
 * Source: https://mariadb.com/kb/en/foreign-keys/
 */
export function foreignKey(
  name: string,
  column: string,
  table: string,
  onDelete: 'NO ACTION' | 'CASCADE' = 'NO ACTION',
): TableForeignKeyOptions {
  return {
    name,
    columnNames: [column],
    referencedTableName: table,
    referencedColumnNames: [column],
    onDelete,
    onUpdate: 'NO ACTION',
  };
}
