import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { foreignKey } from '../foreign-key';
import { columnsOf } from './columns-of';

export class CreateOutboxMessage1764000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = columnsOf(runner);
    const nullable = { isNullable: true };
    const table = new Table({
      name: 'outbox_message',
      columns: [
        columns.id('message_id', { isPrimary: true }),
        columns.id('account_id'),
        columns.id('agent_id'),
        columns.ascii('type', 48),
        columns.ascii('order_key', 64),
        columns.integer('place'),
        columns.text('body'),
        columns.ascii('state', 16),
        columns.time('due_at', nullable),
        columns.integer('attempts', { default: 0 }),
        columns.ascii('reason', 64, nullable),
        columns.time('created_at'),
        columns.time('settled_at', nullable),
      ],
      indices: [
        { name: 'ix_outbox_message_due', columnNames: ['due_at', 'agent_id'] },
        { name: 'ix_outbox_message_agent_due', columnNames: ['agent_id', 'due_at', 'message_id'] },
        { name: 'ix_outbox_message_order', columnNames: ['agent_id', 'order_key', 'due_at', 'place', 'message_id'] },
        { name: 'ix_outbox_message_account', columnNames: ['account_id', 'message_id'] },
        { name: 'ix_outbox_message_state', columnNames: ['account_id', 'state', 'message_id'] },
        { name: 'ix_outbox_message_agent', columnNames: ['account_id', 'agent_id', 'message_id'] },
      ],
      foreignKeys: [foreignKey('fk_outbox_message_account', 'account_id', 'account')],
    });
    await runner.createTable(table, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('outbox_message', true);
  }
}
