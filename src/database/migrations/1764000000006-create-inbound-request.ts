import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { columnsOf } from './columns-of';

export class CreateInboundRequest1764000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const table = new Table({
      name: 'inbound_request',
      columns: [
        columns.id('inbound_request_id', { isPrimary: true }),
        columns.id('account_id'),
        columns.ascii('e164', 16),
        columns.time('received_at'),
        columns.ascii('verdict', 32),
      ],
      indices: [{ name: 'ix_inbound_request_number', columnNames: ['account_id', 'e164', 'inbound_request_id'] }],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('inbound_request', true);
  }
}
