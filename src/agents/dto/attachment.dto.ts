import { ApiProperty } from '@nestjs/swagger';
import { toIsoOrNull } from '../../common/clock';
import type { AttachmentResult } from '../../attachments/attachments.service';
import type { NumberState } from '../../attachments/number-state';
import { NUMBER_STATUSES, type NumberStatus } from '../../phone-numbers/phone-number';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { latestAttachment, worstStatus } from '../attachment-summary';

class AttachedNumberDto {
  @ApiProperty({ type: 'string', description: 'The number in E.164 format', example: '+918062810341' })
  phone_number!: string;

  @ApiProperty({
    type: 'string',
    enum: NUMBER_STATUSES,
    description: '`pending`: not yet confirmed by the provider; `active`: confirmed; `inactive`: refused for good',
    example: 'active',
  })
  status!: NumberStatus;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why it is `pending` or `inactive`, as a word for programs',
    example: null,
  })
  reason!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it was attached; attaching it again does not change that',
    example: '2026-11-24T08:00:00.000Z',
  })
  attached_at!: string | null;

  @ApiProperty({
    type: 'string',
    required: false,
    description: 'Only at manual providers: the address to have bound at the provider',
  })
  inbound_url?: string;

  static from({ phoneNumber, status, reason, attachedAt, inboundUrl }: NumberState): AttachedNumberDto {
    const number = { phone_number: phoneNumber, status, reason, attached_at: toIsoOrNull(attachedAt) };
    return inboundUrl === undefined ? number : { ...number, inbound_url: inboundUrl };
  }
}

/** What became of an attach. */
export class AttachmentDto {
  @ApiProperty({ type: 'string', description: 'The agent', example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn' })
  agent_id!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    description: 'The numbers, each once, in the order asked for',
    example: ['+918062810341'],
  })
  phone_numbers!: string[];

  @ApiProperty({ type: 'string', enum: PROVIDER_NAMES, description: 'The provider of the numbers', example: 'san' })
  provider!: ProviderName;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'The latest of the numbers',
    example: '2026-11-24T08:00:00.000Z',
  })
  attached_at!: string | null;

  @ApiProperty({
    type: 'string',
    enum: NUMBER_STATUSES,
    description: 'The worst of the numbers: `inactive`, then `pending`, then `active`',
    example: 'active',
  })
  status!: NumberStatus;

  @ApiProperty({ type: [AttachedNumberDto], description: 'How each number stands' })
  numbers!: AttachedNumberDto[];

  @ApiProperty({ type: 'boolean', enum: [true], required: false, description: 'Only on a dry run' })
  dry_run?: true;

  static from({ agentId, provider, numbers }: AttachmentResult, isDryRun: boolean): AttachmentDto {
    const answer = {
      agent_id: agentId,
      phone_numbers: numbers.map(({ phoneNumber }) => phoneNumber),
      provider,
      attached_at: toIsoOrNull(latestAttachment(numbers)),
      status: worstStatus(numbers),
      numbers: numbers.map((number) => AttachedNumberDto.from(number)),
    };
    return isDryRun ? { ...answer, dry_run: true } : answer;
  }
}
