import { ApiProperty } from '@nestjs/swagger';
import type { DetachmentResult } from '../../attachments/attachments.service';
import { NUMBER_STATUSES, type NumberStatus } from '../../phone-numbers/phone-number';

class DetachedNumberDto {
  @ApiProperty({ type: 'string', description: 'The number in E.164 format', example: '+918062810341' })
  phone_number!: string;

  @ApiProperty({ type: 'string', enum: NUMBER_STATUSES, description: 'Its status now', example: 'inactive' })
  status!: NumberStatus;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why, as a word for programs', example: null })
  reason!: string | null;
}

/** What became of a detach. */
export class DetachmentDto {
  @ApiProperty({ type: 'string', description: 'The agent', example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn' })
  agent_id!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    description: 'The numbers, each once, in the order asked for',
    example: ['+918062810341'],
  })
  phone_numbers!: string[];

  @ApiProperty({ type: [DetachedNumberDto], description: 'How each number stands' })
  numbers!: DetachedNumberDto[];

  @ApiProperty({ type: 'boolean', enum: [true], required: false, description: 'Only on a dry run' })
  dry_run?: true;

  static from({ agentId, numbers }: DetachmentResult, isDryRun: boolean): DetachmentDto {
    const answer = {
      agent_id: agentId,
      phone_numbers: numbers.map(({ phoneNumber }) => phoneNumber),
      numbers: numbers.map(({ phoneNumber, status, reason }) => ({ phone_number: phoneNumber, status, reason })),
    };
    return isDryRun ? { ...answer, dry_run: true } : answer;
  }
}
