import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateProviderResource1764000000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const table = new Table({
      name: 'provider_resource',
      columns: [
        columns.id('provider_account_id', { isPrimary: true }),
        columns.text('sealed_values', { isNullable: true }),
        columns.ascii('secrets_key_id', 16, { isNullable: true }),
        columns.id('claim', { isNullable: true }),
        columns.time('claimed_until', { isNullable: true }),
        columns.time('updated_at'),
      ],
      foreignKeys: [foreignKey('fk_provider_resource_account', 'provider_account_id', 'provider_account', 'CASCADE')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('provider_resource', true);
  }
}
