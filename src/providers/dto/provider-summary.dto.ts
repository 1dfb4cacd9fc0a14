import { ApiProperty } from '@nestjs/swagger';
import { NO_CAPABILITIES } from '../contract/capabilities';
import type { AnyProviderAdapter } from '../contract/provider-adapter';
import { PROVIDER_NAMES, type ProviderName } from '../provider-name';
import { CredentialFieldDto } from './credential-field.dto';
import { ProviderCapabilitiesDto } from './provider-capabilities.dto';

/** A provider as the list shows it. */
export class ProviderSummaryDto {
  @ApiProperty({ enum: PROVIDER_NAMES, description: 'The provider', example: 'twilio' })
  provider!: ProviderName;

  @ApiProperty({ type: 'boolean', description: 'Whether this version can speak to it' })
  available!: boolean;

  @ApiProperty({ type: 'boolean', description: 'Whether the account has credentials stored for it' })
  configured!: boolean;

  @ApiProperty({ type: ProviderCapabilitiesDto, description: 'All false while it is not available' })
  capabilities!: ProviderCapabilitiesDto;

  @ApiProperty({ type: [CredentialFieldDto], description: 'The members of `credentials`; empty while not available' })
  credential_fields!: CredentialFieldDto[];

  static from(
    provider: ProviderName,
    adapter: AnyProviderAdapter | undefined,
    configured: boolean,
  ): ProviderSummaryDto {
    return {
      provider,
      available: adapter !== undefined,
      configured,
      capabilities: { ...(adapter?.capabilities ?? NO_CAPABILITIES) },
      credential_fields: (adapter?.credentialFields ?? []).map((field) => ({ ...field })),
    };
  }
}
