import { ApiProperty } from '@nestjs/swagger';

export class DeletedAgentDto {
  @ApiProperty({
    type: 'string',
    description: 'The agent that was deleted',
    example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn',
  })
  agent_id!: string;

  @ApiProperty({ type: 'boolean', enum: [true], description: 'Always true' })
  deleted!: true;
}
