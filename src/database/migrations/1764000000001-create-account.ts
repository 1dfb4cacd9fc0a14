import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { columnsOf } from './columns-of';

export class CreateAccount1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const table = new Table({
      name: 'account',
      columns: [columns.id('account_id', { isPrimary: true }), columns.string('name', 255), columns.time('created_at')],
      indices: [{ name: 'uq_account_name', columnNames: ['name'], isUnique: true }],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('account', true);
  }
}
