import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';
import type { ProviderName } from '../common/provider-name';
import type { CallStatus } from '../providers/contract/call';
import type { CallDirection, CallMetadata } from './call';

/** A call of one of the account's numbers, in or out. Times in Unix milliseconds. `call` alone is a word of SQL itself. */
@Entity('phone_call')
@Index('ix_phone_call_started', ['accountId', 'startedAt', 'callId'])
@Index('ix_phone_call_agent', ['accountId', 'agentId', 'startedAt', 'callId'])
@Index('ix_phone_call_far_end', ['accountId', 'farEnd', 'startedAt', 'callId'])
@Index('ix_phone_call_status', ['accountId', 'status', 'startedAt', 'callId'])
@Index('ix_phone_call_number', ['accountId', 'e164', 'startedAt'])
@Index('ix_phone_call_provider', ['providerAccountId', 'providerCallId'])
@Index('ix_phone_call_check', ['checkAt'])
export class CallEntity {
  @PrimaryColumn({ name: 'call_id', type: 'varchar', length: ID_LENGTH })
  callId!: string;

  @Column({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @ManyToOne('AccountEntity')
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'fk_phone_call_account' })
  account?: unknown;

  @Column({ type: 'varchar', length: 8 })
  direction!: CallDirection;

  @Column({ type: 'varchar', length: 16 })
  status!: CallStatus;

  @Column({ name: 'agent_id', type: 'varchar', length: ID_LENGTH, nullable: true })
  agentId!: string | null;

  /** The account's own number. */
  @Column({ type: 'varchar', length: 16 })
  e164!: string;

  /** E.164 where it is a number; `null` where withheld. */
  @Column({ name: 'far_end', type: 'varchar', length: 255, nullable: true })
  farEnd!: string | null;

  @Column({ type: 'varchar', length: 16 })
  provider!: ProviderName;

  @Column({ name: 'provider_account_id', type: 'varchar', length: ID_LENGTH })
  providerAccountId!: string;

  /** `null` where the vendor has not told it, or does not name calls. */
  @Column({ name: 'provider_call_id', type: 'varchar', length: 128, nullable: true })
  providerCallId!: string | null;

  @Column({ name: 'started_at', type: 'bigint' })
  startedAt!: number;

  @Column({ name: 'answered_at', type: 'bigint', nullable: true })
  answeredAt!: number | null;

  @Column({ name: 'ended_at', type: 'bigint', nullable: true })
  endedAt!: number | null;

  @Column({ name: 'duration_s', type: 'int', nullable: true })
  durationS!: number | null;

  @Column({ name: 'end_reason', type: 'varchar', length: 64, nullable: true })
  endReason!: string | null;

  @Column({ type: 'json', nullable: true })
  metadata!: CallMetadata | null;

  /** Whether it counts in the number's `active_calls`. */
  @Column({ name: 'holds_slot', type: 'boolean' })
  holdsSlot!: boolean;

  /** When somebody has to look whether it is still under way; `null` once it has ended. */
  @Column({ name: 'check_at', type: 'bigint', nullable: true })
  checkAt!: number | null;

  /** Who is looking. */
  @Column({ name: 'check_claim', type: 'varchar', length: ID_LENGTH, nullable: true })
  checkClaim!: string | null;

  /** When somebody asked for it to be ended. */
  @Column({ name: 'hangup_at', type: 'bigint', nullable: true })
  hangupAt!: number | null;
}
