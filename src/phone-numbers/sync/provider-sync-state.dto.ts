import { ApiProperty } from '@nestjs/swagger';
import { toIsoOrNull } from '../../common/clock';
import type { ProviderName } from '../../common/provider-name';
import { ProviderSyncDto } from './provider-sync.dto';
import type { SyncRecord } from './sync-run';

/** The same, and what holds it up. */
export class ProviderSyncStateDto extends ProviderSyncDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why it waits or has failed, in words',
    example: null,
  })
  last_error!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'While it waits: when it goes on by itself',
    example: null,
  })
  next_attempt_at!: string | null;

  static override from(provider: ProviderName, record: SyncRecord): ProviderSyncStateDto {
    return {
      ...ProviderSyncDto.from(provider, record),
      last_error: record.lastError,
      next_attempt_at: toIsoOrNull(record.dueAt),
    };
  }
}
