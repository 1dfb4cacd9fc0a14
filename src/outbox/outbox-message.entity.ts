import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';
import type { MessageState } from './outbox-message';

/** Something to tell an agent's webhook; written in the transaction of its cause, and kept when it has been told. */
@Entity('outbox_message')
@Index('ix_outbox_message_due', ['dueAt', 'agentId'])
@Index('ix_outbox_message_agent_due', ['agentId', 'dueAt', 'messageId'])
@Index('ix_outbox_message_order', ['agentId', 'orderKey', 'dueAt', 'place', 'messageId'])
@Index('ix_outbox_message_account', ['accountId', 'messageId'])
@Index('ix_outbox_message_state', ['accountId', 'state', 'messageId'])
@Index('ix_outbox_message_agent', ['accountId', 'agentId', 'messageId'])
export class OutboxMessageEntity {
  @PrimaryColumn({ name: 'message_id', type: 'varchar', length: ID_LENGTH })
  messageId!: string;

  @Column({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @ManyToOne('AccountEntity')
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'fk_outbox_message_account' })
  account?: unknown;

  @Column({ name: 'agent_id', type: 'varchar', length: ID_LENGTH })
  agentId!: string;

  @Column({ type: 'varchar', length: 48 })
  type!: string;

  /** Messages of one key are told one after the other, by `place` and then by age. */
  @Column({ name: 'order_key', type: 'varchar', length: 64 })
  orderKey!: string;

  @Column({ type: 'int' })
  place!: number;

  /** The JSON to send, the same at every try. */
  @Column({ type: 'text' })
  body!: string;

  @Column({ type: 'varchar', length: 16 })
  state!: MessageState;

  /** When it is to be tried next; `null` when it is settled. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true })
  dueAt!: number | null;

  @Column({ type: 'int', default: 0 })
  attempts!: number;

  /** Why it was given up, as a lower_snake word. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  reason!: string | null;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number;

  /** When it was delivered or given up. */
  @Column({ name: 'settled_at', type: 'bigint', nullable: true })
  settledAt!: number | null;
}
