import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';
import type { RouteSnapshot } from '../providers/contract/route';
import type { ProviderName } from '../common/provider-name';
import type { NumberStatus, Purpose } from './phone-number';

/**
 * A number of an account's inventory, the agent it is attached to and how far the provider has been told. The primary
 * key is account and number: one number is one row, so that it can have one agent only.
 */
@Entity('phone_number')
@Index('ix_phone_number_agent', ['accountId', 'agentId', 'e164'])
@Index('ix_phone_number_provider', ['accountId', 'provider', 'e164'])
@Index('ix_phone_number_status', ['accountId', 'status', 'e164'])
@Index('ix_phone_number_route_due', ['routeDueAt'])
@Index('ix_phone_number_route_check', ['routeCheckAt'])
export class PhoneNumberEntity {
  @PrimaryColumn({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @PrimaryColumn({ type: 'varchar', length: 16 })
  e164!: string;

  @ManyToOne('AccountEntity')
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'fk_phone_number_account' })
  account?: unknown;

  @Column({ type: 'varchar', length: 16 })
  provider!: ProviderName;

  /** ISO 3166; `null` for international services. */
  @Column({ type: 'varchar', length: 2, nullable: true })
  country!: string | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  purpose!: Purpose | null;

  @Column({ type: 'varchar', length: 255, nullable: true })
  label!: string | null;

  @Column({ name: 'max_concurrent_calls', type: 'int', nullable: true })
  maxConcurrentCalls!: number | null;

  @Column({ name: 'active_calls', type: 'int', default: 0 })
  activeCalls!: number;

  @Column({ name: 'provider_number_id', type: 'varchar', length: 64, nullable: true })
  providerNumberId!: string | null;

  @Column({ name: 'agent_id', type: 'varchar', length: ID_LENGTH, nullable: true })
  agentId!: string | null;

  @ManyToOne('AgentEntity')
  @JoinColumn({ name: 'agent_id', foreignKeyConstraintName: 'fk_phone_number_agent' })
  agent?: unknown;

  @Column({ name: 'attached_at', type: 'bigint', nullable: true })
  attachedAt!: number | null;

  @Column({ type: 'varchar', length: 16 })
  status!: NumberStatus;

  /** Why the number is `pending` or `inactive`, as a lower_snake word. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  reason!: string | null;

  /** Raised whenever the wanted route changes. */
  @Column({ name: 'route_generation', type: 'int', default: 0 })
  routeGeneration!: number;

  /** The generation that is known to be settled at the provider. */
  @Column({ name: 'confirmed_generation', type: 'int', default: 0 })
  confirmedGeneration!: number;

  /** When the reconciler may next take the row; while it is claimed, when the claim lapses. `null` = nothing to do. */
  @Column({ name: 'route_due_at', type: 'bigint', nullable: true })
  routeDueAt!: number | null;

  /** Who is reconciling the row now. */
  @Column({ name: 'route_claim', type: 'varchar', length: ID_LENGTH, nullable: true })
  routeClaim!: string | null;

  /** Failed tries since the wanted route last changed. */
  @Column({ name: 'route_attempts', type: 'int', default: 0 })
  routeAttempts!: number;

  @Column({ name: 'route_error', type: 'varchar', length: 255, nullable: true })
  routeError!: string | null;

  @Column({ name: 'route_confirmed_at', type: 'bigint', nullable: true })
  routeConfirmedAt!: number | null;

  /** The answer URL that the provider was last told; `null` once the former route is given back. */
  @Column({ name: 'route_url', type: 'varchar', length: 2048, nullable: true })
  routeUrl!: string | null;

  /** When the settled route is read again at the provider; `null` where it is not. */
  @Column({ name: 'route_check_at', type: 'bigint', nullable: true })
  routeCheckAt!: number | null;

  /** What the provider held before we took the number, kept until it is given back. */
  @Column({ name: 'former_route', type: 'json', nullable: true })
  formerRoute!: RouteSnapshot | null;

  /** When the first authentic inbound request proved a number that is bound by hand. */
  @Column({ name: 'proven_at', type: 'bigint', nullable: true })
  provenAt!: number | null;

  /** The last import of the provider's numbers that found it there. */
  @Column({ name: 'seen_sync', type: 'varchar', length: ID_LENGTH, nullable: true })
  seenSync!: string | null;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number;
}
