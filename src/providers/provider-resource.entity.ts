import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';

/** What a provider account has made at the vendor for all its numbers, sealed, and who is making it now. */
@Entity('provider_resource')
export class ProviderResourceEntity {
  @PrimaryColumn({ name: 'provider_account_id', type: 'varchar', length: ID_LENGTH })
  providerAccountId!: string;

  @ManyToOne('ProviderAccountEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'provider_account_id', foreignKeyConstraintName: 'fk_provider_resource_account' })
  providerAccount?: unknown;

  /** base64 of the AES-256-GCM box that holds the values as JSON; `null` before anything is made. */
  @Column({ name: 'sealed_values', type: 'text', nullable: true })
  sealedValues!: string | null;

  @Column({ name: 'secrets_key_id', type: 'varchar', length: 16, nullable: true })
  secretsKeyId!: string | null;

  /** Who is making it now, and until when nobody else may. */
  @Column({ type: 'varchar', length: ID_LENGTH, nullable: true })
  claim!: string | null;

  @Column({ name: 'claimed_until', type: 'bigint', nullable: true })
  claimedUntil!: number | null;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number;
}
