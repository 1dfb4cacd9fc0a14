import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { columnsOf } from './columns-of';

const TABLE = 'phone_number';
const COLUMN = 'seen_sync';

export class AddSeenSync1764000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn(TABLE, COLUMN)) return;
    await runner.addColumn(TABLE, new TableColumn(columnsOf(runner).id(COLUMN, { isNullable: true })));
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn(TABLE, COLUMN)) await runner.dropColumn(TABLE, COLUMN);
  }
}
