import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';

/** The secret that an agent's webhooks are signed with, the one before it while both are good, and whether they are sent. */
@Entity('agent_webhook')
export class AgentWebhookEntity {
  @PrimaryColumn({ name: 'agent_id', type: 'varchar', length: ID_LENGTH })
  agentId!: string;

  @ManyToOne('AgentEntity', { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'agent_id', foreignKeyConstraintName: 'fk_agent_webhook_agent' })
  agent?: unknown;

  /** base64 of an AES-256-GCM box. */
  @Column({ name: 'sealed_secret', type: 'text' })
  sealedSecret!: string;

  @Column({ name: 'secrets_key_id', type: 'varchar', length: 16 })
  secretsKeyId!: string;

  @Column({ name: 'former_sealed_secret', type: 'text', nullable: true })
  formerSealedSecret!: string | null;

  @Column({ name: 'former_secrets_key_id', type: 'varchar', length: 16, nullable: true })
  formerSecretsKeyId!: string | null;

  @Column({ name: 'former_valid_until', type: 'bigint', nullable: true })
  formerValidUntil!: number | null;

  /** Since when nothing is sent, because the receiver has answered 410. */
  @Column({ name: 'disabled_at', type: 'bigint', nullable: true })
  disabledAt!: number | null;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number;
}
