import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';

/** One try to deliver a message to an agent's webhook. */
@Entity('webhook_attempt')
@Index('ix_webhook_attempt_message', ['messageId', 'attemptId'])
export class WebhookAttemptEntity {
  @PrimaryColumn({ name: 'attempt_id', type: 'varchar', length: ID_LENGTH })
  attemptId!: string;

  @Column({ name: 'message_id', type: 'varchar', length: ID_LENGTH })
  messageId!: string;

  /** Where it was sent. */
  @Column({ type: 'varchar', length: 2048 })
  url!: string;

  @Column({ name: 'attempted_at', type: 'bigint' })
  attemptedAt!: number;

  @Column({ name: 'latency_ms', type: 'int' })
  latencyMs!: number;

  /** `null` where there was no answer. */
  @Column({ name: 'status_code', type: 'int', nullable: true })
  statusCode!: number | null;

  /** Why there was none, as a lower_snake word. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  error!: string | null;

  /** The beginning of the answer's body, at most 1 KiB. */
  @Column({ type: 'text', nullable: true })
  response!: string | null;
}
