import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateAgentWebhook1764000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const nullable = { isNullable: true };
    const table = new Table({
      name: 'agent_webhook',
      columns: [
        columns.id('agent_id', { isPrimary: true }),
        columns.text('sealed_secret'),
        columns.ascii('secrets_key_id', 16),
        columns.text('former_sealed_secret', nullable),
        columns.ascii('former_secrets_key_id', 16, nullable),
        columns.time('former_valid_until', nullable),
        columns.time('disabled_at', nullable),
        columns.time('updated_at'),
      ],
      foreignKeys: [foreignKey('fk_agent_webhook_agent', 'agent_id', 'agent', 'CASCADE')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('agent_webhook', true);
  }
}
