import { ApiProperty } from '@nestjs/swagger';
import { toIso, toIsoOrNull } from '../../common/clock';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { NUMBER_STATUSES, type NumberStatus, PURPOSES, type Purpose } from '../phone-number';
import type { PhoneNumber } from '../phone-number-record';

/** A number of the account's inventory. */
export class PhoneNumberDto {
  @ApiProperty({ type: 'string', description: 'The number in E.164 format', example: '+918062810341' })
  phone_number!: string;

  @ApiProperty({ type: 'string', enum: PROVIDER_NAMES, description: 'The provider that it is at', example: 'san' })
  provider!: ProviderName;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'ISO 3166 code of its country; `null` for international services',
    example: 'IN',
  })
  country!: string | null;

  @ApiProperty({
    type: 'string',
    enum: NUMBER_STATUSES,
    description:
      '`pending`: attached, not yet confirmed by the provider; `active`: confirmed; `inactive`: not attached, or ' +
      'refused by the provider for good',
    example: 'active',
  })
  status!: NumberStatus;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why it is `pending` or `inactive`, as a word for programs',
    example: 'awaiting_first_call',
  })
  reason!: string | null;

  @ApiProperty({
    type: 'string',
    enum: PURPOSES,
    nullable: true,
    description: 'Keeps the number from agents of the opposite purpose; `null` goes with both',
  })
  purpose!: Purpose | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'A name for people', example: 'Support line Mumbai' })
  label!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The agent that it is attached to',
    example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn',
  })
  agent_id!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it was attached to that agent',
    example: '2026-11-24T08:00:00.000Z',
  })
  attached_at!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Calls that may be under way at once; `null` = no limit',
    example: 10,
  })
  max_concurrent_calls!: number | null;

  @ApiProperty({ type: 'integer', description: 'Calls under way', example: 0 })
  active_calls!: number;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it joined the inventory' })
  created_at!: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it last changed' })
  updated_at!: string;

  static from(number: PhoneNumber): PhoneNumberDto {
    return Object.assign(new PhoneNumberDto(), {
      phone_number: number.e164,
      provider: number.provider,
      country: number.country,
      status: number.status,
      reason: number.reason,
      purpose: number.purpose,
      label: number.label,
      agent_id: number.agentId,
      attached_at: toIsoOrNull(number.attachedAt),
      max_concurrent_calls: number.maxConcurrentCalls,
      active_calls: number.activeCalls,
      created_at: toIso(number.createdAt),
      updated_at: toIso(number.updatedAt),
    });
  }
}
