import { ApiProperty } from '@nestjs/swagger';
import type { ProviderCapabilities } from '../contract/capabilities';

/** What the provider's API can do for us. */
export class ProviderCapabilitiesDto implements ProviderCapabilities {
  @ApiProperty({ type: 'boolean', description: 'Its API lists the numbers that the account owns' })
  list!: boolean;

  @ApiProperty({ type: 'boolean', description: 'Its API tells whether the account owns a number' })
  lookup!: boolean;

  @ApiProperty({
    type: 'boolean',
    description:
      "Its API sets where a number's calls go. Where it does not, each number's inbound URL is bound by hand at the provider",
  })
  route!: boolean;

  @ApiProperty({ type: 'boolean', description: 'Calls can be placed through it' })
  call!: boolean;

  @ApiProperty({ type: 'boolean', description: 'Calls under way can be ended through it' })
  hangup!: boolean;

  @ApiProperty({ type: 'boolean', description: 'Signatures of its webhooks are verified' })
  signed!: boolean;
}
