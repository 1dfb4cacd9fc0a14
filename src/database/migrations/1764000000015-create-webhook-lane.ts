import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { columnsOf } from './columns-of';

export class CreateWebhookLane1764000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const table = new Table({
      name: 'webhook_lane',
      columns: [
        columns.id('agent_id', { isPrimary: true }),
        columns.id('claim', { isNullable: true }),
        columns.time('claimed_until', { isNullable: true }),
        columns.time('held_until', { isNullable: true }),
        columns.integer('failures', { default: 0 }),
      ],
      indices: [
        { name: 'ix_webhook_lane_claimed', columnNames: ['claimed_until'] },
        { name: 'ix_webhook_lane_held', columnNames: ['held_until'] },
      ],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('webhook_lane', true);
  }
}
