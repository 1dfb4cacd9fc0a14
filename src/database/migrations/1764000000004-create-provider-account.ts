import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateProviderAccount1764000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const table = new Table({
      name: 'provider_account',
      columns: [
        columns.id('provider_account_id', { isPrimary: true }),
        columns.id('account_id'),
        columns.ascii('provider', 16),
        columns.text('sealed_credentials'),
        columns.ascii('secrets_key_id', 16),
        columns.ascii('country', 2, { isNullable: true }),
        columns.ascii('inbound_key', 43),
        columns.boolean('verified'),
        columns.time('created_at'),
        columns.time('updated_at'),
      ],
      indices: [
        { name: 'uq_provider_account_provider', columnNames: ['account_id', 'provider'], isUnique: true },
        { name: 'uq_provider_account_inbound_key', columnNames: ['inbound_key'], isUnique: true },
      ],
      foreignKeys: [foreignKey('fk_provider_account_account', 'account_id', 'account')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('provider_account', true);
  }
}
