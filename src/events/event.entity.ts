import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';

/** Something that changed, with the values before and after; written with the change, never altered. */
@Entity('event')
@Index('ix_event_number', ['accountId', 'e164', 'eventId'])
export class EventEntity {
  @PrimaryColumn({ name: 'event_id', type: 'varchar', length: ID_LENGTH })
  eventId!: string;

  @Column({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @ManyToOne('AccountEntity')
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'fk_event_account' })
  account?: unknown;

  @Column({ type: 'varchar', length: 48 })
  type!: string;

  /** The number, the agent and the provider that it is about, where it is about one. */
  @Column({ type: 'varchar', length: 16, nullable: true })
  e164!: string | null;

  @Column({ name: 'agent_id', type: 'varchar', length: ID_LENGTH, nullable: true })
  agentId!: string | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  provider!: string | null;

  @Column({ name: 'before_values', type: 'json', nullable: true })
  before!: object | null;

  @Column({ name: 'after_values', type: 'json', nullable: true })
  after!: object | null;

  @Column({ name: 'occurred_at', type: 'bigint' })
  occurredAt!: number;
}
