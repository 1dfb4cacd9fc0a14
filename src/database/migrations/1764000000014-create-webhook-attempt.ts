import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { columnsOf } from './columns-of';

export class CreateWebhookAttempt1764000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const nullable = { isNullable: true };
    const table = new Table({
      name: 'webhook_attempt',
      columns: [
        columns.id('attempt_id', { isPrimary: true }),
        columns.id('message_id'),
        columns.string('url', 2048),
        columns.time('attempted_at'),
        columns.integer('latency_ms'),
        columns.integer('status_code', nullable),
        columns.ascii('error', 64, nullable),
        columns.text('response', nullable),
      ],
      indices: [{ name: 'ix_webhook_attempt_message', columnNames: ['message_id', 'attempt_id'] }],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('webhook_attempt', true);
  }
}
