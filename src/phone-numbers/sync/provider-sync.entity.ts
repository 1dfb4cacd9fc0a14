import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../../common/ids';
import type { SyncPhase, SyncState } from './sync-run';

/** The last or current import of a provider account's numbers; one row an account, so that there is one at a time. */
@Entity('provider_sync')
@Index('ix_provider_sync_state', ['state', 'dueAt'])
export class ProviderSyncEntity {
  @PrimaryColumn({ name: 'provider_account_id', type: 'varchar', length: ID_LENGTH })
  providerAccountId!: string;

  @ManyToOne('ProviderAccountEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'provider_account_id', foreignKeyConstraintName: 'fk_provider_sync_account' })
  providerAccount?: unknown;

  @Column({ name: 'sync_id', type: 'varchar', length: ID_LENGTH })
  syncId!: string;

  @Column({ type: 'varchar', length: 16 })
  state!: SyncState;

  @Column({ type: 'varchar', length: 16 })
  phase!: SyncPhase;

  /** Who is at it, and when somebody else may take it over. */
  @Column({ type: 'varchar', length: ID_LENGTH, nullable: true })
  claim!: string | null;

  @Column({ name: 'claimed_until', type: 'bigint', nullable: true })
  claimedUntil!: number | null;

  /** When a worker may go on with a run that nobody is at. */
  @Column({ name: 'due_at', type: 'bigint', nullable: true })
  dueAt!: number | null;

  /** Listing: the cursor behind the last page that is stored. Sweeping: the last number that was looked at. */
  @Column({ name: 'resume_after', type: 'varchar', length: 1024, nullable: true })
  resumeAfter!: string | null;

  @Column({ type: 'int', default: 0 })
  added!: number;

  @Column({ type: 'int', default: 0 })
  updated!: number;

  @Column({ type: 'int', default: 0 })
  gone!: number;

  @Column({ type: 'int', default: 0 })
  unchanged!: number;

  @Column({ type: 'int', default: 0 })
  skipped!: number;

  /** Failures in a row without progress between them. */
  @Column({ type: 'int', default: 0 })
  attempts!: number;

  @Column({ name: 'last_error', type: 'varchar', length: 255, nullable: true })
  lastError!: string | null;

  @Column({ name: 'started_at', type: 'bigint' })
  startedAt!: number;

  @Column({ name: 'ended_at', type: 'bigint', nullable: true })
  endedAt!: number | null;
}
