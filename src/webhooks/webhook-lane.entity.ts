import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';

/** Who delivers to an agent's webhook now: one process at a time, which keeps the order of messages. */
@Entity('webhook_lane')
@Index('ix_webhook_lane_claimed', ['claimedUntil'])
@Index('ix_webhook_lane_held', ['heldUntil'])
export class WebhookLaneEntity {
  @PrimaryColumn({ name: 'agent_id', type: 'varchar', length: ID_LENGTH })
  agentId!: string;

  @Column({ type: 'varchar', length: ID_LENGTH, nullable: true })
  claim!: string | null;

  @Column({ name: 'claimed_until', type: 'bigint', nullable: true })
  claimedUntil!: number | null;

  /** A receiver that fails is left alone until then. */
  @Column({ name: 'held_until', type: 'bigint', nullable: true })
  heldUntil!: number | null;

  /** Failures in a row. */
  @Column({ type: 'int', default: 0 })
  failures!: number;
}
