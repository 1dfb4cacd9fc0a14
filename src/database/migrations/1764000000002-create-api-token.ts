import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateApiToken1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const table = new Table({
      name: 'api_token',
      columns: [
        columns.id('token_id', { isPrimary: true }),
        columns.id('account_id'),
        columns.ascii('digest', 64),
        columns.json('scopes'),
        columns.time('created_at'),
        columns.time('expires_at', { isNullable: true }),
        columns.time('revoked_at', { isNullable: true }),
      ],
      indices: [
        { name: 'uq_api_token_digest', columnNames: ['digest'], isUnique: true },
        { name: 'ix_api_token_account', columnNames: ['account_id'] },
      ],
      foreignKeys: [foreignKey('fk_api_token_account', 'account_id', 'account', 'CASCADE')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('api_token', true);
  }
}
