import { ApiProperty } from '@nestjs/swagger';
import { toIso, toIsoOrNull } from '../../common/clock';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { SYNC_STATES, type SyncRecord, type SyncState } from './sync-run';

/** What an import of a provider's numbers has come to. */
export class ProviderSyncDto {
  @ApiProperty({ type: 'string', enum: PROVIDER_NAMES, description: 'The provider', example: 'twilio' })
  provider!: ProviderName;

  @ApiProperty({
    type: 'string',
    enum: SYNC_STATES,
    description:
      '`running`: under way, or waiting to go on from where it is; `completed`: the inventory has every number that ' +
      'the provider lists; `failed`: the provider refused for good',
    example: 'completed',
  })
  status!: SyncState;

  @ApiProperty({ type: 'integer', description: 'Numbers that joined the inventory', example: 12 })
  added!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Numbers that have another identifier at the provider, or were gone while attached and are back',
    example: 1,
  })
  updated!: number;

  @ApiProperty({
    type: 'integer',
    description:
      'Numbers that the provider does not have any more: attached ones are kept, `inactive` for the reason ' +
      '`gone_at_provider`, others leave the inventory. Those known to be gone are not counted again',
    example: 2,
  })
  gone!: number;

  @ApiProperty({ type: 'integer', description: 'Numbers that are as they were', example: 140 })
  unchanged!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Numbers that the inventory has under another provider, which are left alone',
    example: 0,
  })
  skipped!: number;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'When it began',
    example: '2026-11-24T08:00:00.000Z',
  })
  started_at!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it was completed',
    example: '2026-11-24T08:00:02.500Z',
  })
  completed_at!: string | null;

  static from(provider: ProviderName, record: SyncRecord): ProviderSyncDto {
    const { state, added, updated, gone, unchanged, skipped } = record;
    return {
      provider,
      status: state,
      added,
      updated,
      gone,
      unchanged,
      skipped,
      started_at: toIso(record.startedAt),
      completed_at: toIsoOrNull(state === 'completed' ? record.endedAt : null),
    };
  }
}
