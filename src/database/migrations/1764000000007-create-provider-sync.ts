import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateProviderSync1764000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const nullable = { isNullable: true };
    const table = new Table({
      name: 'provider_sync',
      columns: [
        columns.id('provider_account_id', { isPrimary: true }),
        columns.id('sync_id'),
        columns.ascii('state', 16),
        columns.ascii('phase', 16),
        columns.id('claim', nullable),
        columns.time('claimed_until', nullable),
        columns.time('due_at', nullable),
        columns.string('resume_after', 1024, nullable),
        columns.integer('added', { default: 0 }),
        columns.integer('updated', { default: 0 }),
        columns.integer('gone', { default: 0 }),
        columns.integer('unchanged', { default: 0 }),
        columns.integer('skipped', { default: 0 }),
        columns.integer('attempts', { default: 0 }),
        columns.string('last_error', 255, nullable),
        columns.time('started_at'),
        columns.time('ended_at', nullable),
      ],
      indices: [{ name: 'ix_provider_sync_state', columnNames: ['state', 'due_at'] }],
      foreignKeys: [foreignKey('fk_provider_sync_account', 'provider_account_id', 'provider_account', 'CASCADE')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('provider_sync', true);
  }
}
