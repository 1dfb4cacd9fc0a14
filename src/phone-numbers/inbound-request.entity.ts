import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';

/** A provider's request for a number and what became of it; only the last few of each number are kept. */
@Entity('inbound_request')
@Index('ix_inbound_request_number', ['accountId', 'e164', 'inboundRequestId'])
export class InboundRequestEntity {
  @PrimaryColumn({ name: 'inbound_request_id', type: 'varchar', length: ID_LENGTH })
  inboundRequestId!: string;

  @Column({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @Column({ type: 'varchar', length: 16 })
  e164!: string;

  @Column({ name: 'received_at', type: 'bigint' })
  receivedAt!: number;

  @Column({ type: 'varchar', length: 32 })
  verdict!: string;
}
