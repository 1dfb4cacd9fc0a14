import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreatePhoneNumber1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const nullable = { isNullable: true };
    const table = new Table({
      name: 'phone_number',
      columns: [
        columns.id('account_id', { isPrimary: true }),
        columns.ascii('e164', 16, { isPrimary: true }),
        columns.ascii('provider', 16),
        columns.ascii('country', 2, nullable),
        columns.ascii('purpose', 16, nullable),
        columns.string('label', 255, nullable),
        columns.integer('max_concurrent_calls', nullable),
        columns.integer('active_calls', { default: 0 }),
        columns.ascii('provider_number_id', 64, nullable),
        columns.id('agent_id', nullable),
        columns.time('attached_at', nullable),
        columns.ascii('status', 16),
        columns.ascii('reason', 64, nullable),
        columns.integer('route_generation', { default: 0 }),
        columns.integer('confirmed_generation', { default: 0 }),
        columns.time('route_due_at', nullable),
        columns.id('route_claim', nullable),
        columns.integer('route_attempts', { default: 0 }),
        columns.string('route_error', 255, nullable),
        columns.time('route_confirmed_at', nullable),
        columns.string('route_url', 2048, nullable),
        columns.json('former_route', nullable),
        columns.time('proven_at', nullable),
        columns.time('created_at'),
        columns.time('updated_at'),
      ],
      indices: [
        { name: 'ix_phone_number_agent', columnNames: ['account_id', 'agent_id', 'e164'] },
        { name: 'ix_phone_number_provider', columnNames: ['account_id', 'provider', 'e164'] },
        { name: 'ix_phone_number_status', columnNames: ['account_id', 'status', 'e164'] },
        { name: 'ix_phone_number_route_due', columnNames: ['route_due_at'] },
      ],
      foreignKeys: [
        foreignKey('fk_phone_number_account', 'account_id', 'account'),
        foreignKey('fk_phone_number_agent', 'agent_id', 'agent'),
      ],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('phone_number', true);
  }
}
