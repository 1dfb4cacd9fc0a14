import { ApiProperty } from '@nestjs/swagger';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';

export class DeletedProviderDto {
  @ApiProperty({ enum: PROVIDER_NAMES, description: 'The provider', example: 'twilio' })
  provider!: ProviderName;

  @ApiProperty({ type: 'boolean', enum: [true], description: 'Always true' })
  deleted!: true;
}
