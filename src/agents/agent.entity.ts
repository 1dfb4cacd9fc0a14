import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';
import type { WebhookEvent } from '../outbox/webhook-event';
import type { Purpose } from '../phone-numbers/phone-number';
import type { AgentConnect, AgentFallback, AgentStatus, JsonObject } from './agent';

/** An agent's row. */
@Entity('agent')
@Index('ix_agent_account', ['accountId', 'agentId'])
export class AgentEntity {
  @PrimaryColumn({ name: 'agent_id', type: 'varchar', length: ID_LENGTH })
  agentId!: string;

  @Column({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @ManyToOne('AccountEntity')
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'fk_agent_account' })
  account?: unknown;

  @Column({ name: 'agent_name', type: 'varchar', length: 255 })
  agentName!: string;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'varchar', length: 16 })
  status!: AgentStatus;

  @Column({ type: 'varchar', length: 16, nullable: true })
  purpose!: Purpose | null;

  @Column({ type: 'text', nullable: true })
  prompt!: string | null;

  @Column({ type: 'text', nullable: true })
  greeting!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  timezone!: string | null;

  @Column({ type: 'varchar', length: 64, nullable: true })
  language!: string | null;

  @Column({ type: 'json', nullable: true })
  connect!: AgentConnect | null;

  @Column({ type: 'json', nullable: true })
  fallback!: AgentFallback | null;

  @Column({ name: 'webhook_url', type: 'varchar', length: 2048, nullable: true })
  webhookUrl!: string | null;

  @Column({ name: 'webhook_events', type: 'json', nullable: true })
  webhookEvents!: WebhookEvent[] | null;

  @Column({ name: 'inbound_webhook_url', type: 'varchar', length: 2048, nullable: true })
  inboundWebhookUrl!: string | null;

  @Column({ type: 'json', nullable: true })
  voice!: JsonObject | null;

  @Column({ name: 'speech_to_text', type: 'json', nullable: true })
  speechToText!: JsonObject | null;

  @Column({ type: 'json', nullable: true })
  llm!: JsonObject | null;

  @Column({ type: 'json', nullable: true })
  configurations!: JsonObject | null;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number;

  @Column({ name: 'updated_at', type: 'bigint' })
  updatedAt!: number;
}
