import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';
import type { ProviderName } from '../common/provider-name';

/** An account's credentials at one provider, sealed, and the secret key of its inbound URL. */
@Entity('provider_account')
@Index('uq_provider_account_provider', ['accountId', 'provider'], { unique: true })
@Index('uq_provider_account_inbound_key', ['inboundKey'], { unique: true })
export class ProviderAccountEntity {
  @PrimaryColumn({ name: 'provider_account_id', type: 'varchar', length: ID_LENGTH })
  providerAccountId!: string;

  @Column({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @ManyToOne('AccountEntity')
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'fk_provider_account_account' })
  account?: unknown;

  @Column({ type: 'varchar', length: 16 })
  provider!: ProviderName;

  /** base64 of the AES-256-GCM box that holds the credentials as JSON; the context is account and provider. */
  @Column({ name: 'sealed_credentials', type: 'text' })
  sealedCredentials!: string;

  @Column({ name: 'secrets_key_id', type: 'varchar', length: 16 })
  secretsKeyId!: string;

  /** ISO 3166, for numbers that the vendor gives in national form. */
  @Column({ type: 'varchar', length: 2, nullable: true })
  country!: string | null;

  @Column({ name: 'inbound_key', type: 'varchar', length: 43 })
  inboundKey!: string;

  @Column({ type: 'boolean' })
  verified!: boolean;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number;
}
