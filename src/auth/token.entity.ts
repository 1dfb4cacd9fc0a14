import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';
import { AccountEntity } from './account.entity';

/** An API token. The token itself is shown once and kept nowhere; its SHA-256 digest finds it. */
@Entity('api_token')
@Index('uq_api_token_digest', ['digest'], { unique: true })
@Index('ix_api_token_account', ['accountId'])
export class TokenEntity {
  @PrimaryColumn({ name: 'token_id', type: 'varchar', length: ID_LENGTH })
  tokenId!: string;

  @Column({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @ManyToOne(() => AccountEntity, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'fk_api_token_account' })
  account?: AccountEntity;

  /** SHA-256 of the token, hex. */
  @Column({ type: 'varchar', length: 64 })
  digest!: string;

  @Column({ type: 'json' })
  scopes!: string[];

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number;

  @Column({ name: 'expires_at', type: 'bigint', nullable: true })
  expiresAt!: number | null;

  @Column({ name: 'revoked_at', type: 'bigint', nullable: true })
  revokedAt!: number | null;
}
