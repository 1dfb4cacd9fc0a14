import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreatePhoneCall1764000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const nullable = { isNullable: true };
    const table = new Table({
      name: 'phone_call',
      columns: [
        columns.id('call_id', { isPrimary: true }),
        columns.id('account_id'),
        columns.ascii('direction', 8),
        columns.ascii('status', 16),
        columns.id('agent_id', nullable),
        columns.ascii('e164', 16),
        columns.string('far_end', 255, nullable),
        columns.ascii('provider', 16),
        columns.id('provider_account_id'),
        columns.string('provider_call_id', 128, nullable),
        columns.time('started_at'),
        columns.time('answered_at', nullable),
        columns.time('ended_at', nullable),
        columns.integer('duration_s', nullable),
        columns.string('end_reason', 64, nullable),
        columns.json('metadata', nullable),
        columns.boolean('holds_slot'),
        columns.time('check_at', nullable),
        columns.id('check_claim', nullable),
        columns.time('hangup_at', nullable),
      ],
      indices: [
        { name: 'ix_phone_call_started', columnNames: ['account_id', 'started_at', 'call_id'] },
        { name: 'ix_phone_call_agent', columnNames: ['account_id', 'agent_id', 'started_at', 'call_id'] },
        { name: 'ix_phone_call_far_end', columnNames: ['account_id', 'far_end', 'started_at', 'call_id'] },
        { name: 'ix_phone_call_status', columnNames: ['account_id', 'status', 'started_at', 'call_id'] },
        { name: 'ix_phone_call_number', columnNames: ['account_id', 'e164', 'started_at'] },
        { name: 'ix_phone_call_provider', columnNames: ['provider_account_id', 'provider_call_id'] },
        { name: 'ix_phone_call_check', columnNames: ['check_at'] },
      ],
      foreignKeys: [foreignKey('fk_phone_call_account', 'account_id', 'account')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('phone_call', true);
  }
}
