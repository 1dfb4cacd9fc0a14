import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateAgent1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const nullable = { isNullable: true };
    const table = new Table({
      name: 'agent',
      columns: [
        columns.id('agent_id', { isPrimary: true }),
        columns.id('account_id'),
        columns.string('agent_name', 255),
        columns.text('description', nullable),
        columns.ascii('status', 16),
        columns.ascii('purpose', 16, nullable),
        columns.text('prompt', nullable),
        columns.text('greeting', nullable),
        columns.ascii('timezone', 64, nullable),
        columns.ascii('language', 64, nullable),
        columns.json('connect', nullable),
        columns.json('fallback', nullable),
        columns.string('webhook_url', 2048, nullable),
        columns.json('webhook_events', nullable),
        columns.json('voice', nullable),
        columns.json('speech_to_text', nullable),
        columns.json('llm', nullable),
        columns.json('configurations', nullable),
        columns.time('created_at'),
        columns.time('updated_at'),
      ],
      indices: [{ name: 'ix_agent_account', columnNames: ['account_id', 'agent_id'] }],
      foreignKeys: [foreignKey('fk_agent_account', 'account_id', 'account')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('agent', true);
  }
}
