import { ApiProperty } from '@nestjs/swagger';
import type { CredentialField } from '../contract/credentials';

/** One member of `credentials`. */
export class CredentialFieldDto implements CredentialField {
  @ApiProperty({ type: 'string', description: 'Name of the member', example: 'auth_token' })
  name!: string;

  @ApiProperty({ type: 'string', description: 'What it is and where to find it' })
  description!: string;

  @ApiProperty({ type: 'boolean', description: 'Whether it must be given' })
  required!: boolean;

  @ApiProperty({ type: 'boolean', description: 'Whether it is only ever shown masked to its last four characters' })
  secret!: boolean;
}
