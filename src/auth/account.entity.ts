import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ID_LENGTH } from '../common/ids';

/** A tenant: owns tokens, agents, provider accounts and numbers. */
@Entity('account')
@Index('uq_account_name', ['name'], { unique: true })
export class AccountEntity {
  @PrimaryColumn({ name: 'account_id', type: 'varchar', length: ID_LENGTH })
  accountId!: string;

  @Column({ type: 'varchar', length: 255 })
  name!: string;

  @Column({ name: 'created_at', type: 'bigint' })
  createdAt!: number;
}
