import { ApiProperty } from '@nestjs/swagger';

export class DeletedNumberDto {
  @ApiProperty({ type: 'string', description: 'The number that was removed', example: '+918062810341' })
  phone_number!: string;

  @ApiProperty({ type: 'boolean', enum: [true], description: 'Always true' })
  deleted!: true;
}
