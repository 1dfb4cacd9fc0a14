import { type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';
import { columnsOf } from './columns-of';

const TABLE = 'agent';
const COLUMN = 'inbound_webhook_url';

export class AddInboundWebhookUrl1764000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const table = (await runner.getTable(TABLE)) ?? new Table({ name: TABLE });
    if (table.findColumnByName(COLUMN)) return;
    const { name, ...column } = columnsOf(runner).string(COLUMN, 2048, { isNullable: true });
    await runner.addColumn(table, new TableColumn({ name, ...column }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn(TABLE, COLUMN);
  }
}
