import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateEvent1764000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const table = new Table({
      name: 'event',
      columns: [
        columns.id('event_id', { isPrimary: true }),
        columns.id('account_id'),
        columns.ascii('type', 48),
        columns.ascii('e164', 16, { isNullable: true }),
        columns.id('agent_id', { isNullable: true }),
        columns.ascii('provider', 16, { isNullable: true }),
        columns.json('before_values', { isNullable: true }),
        columns.json('after_values', { isNullable: true }),
        columns.time('occurred_at'),
      ],
      indices: [{ name: 'ix_event_number', columnNames: ['account_id', 'e164', 'event_id'] }],
      foreignKeys: [foreignKey('fk_event_account', 'account_id', 'account')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('event', true);
  }
}
