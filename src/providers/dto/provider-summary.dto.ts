import { ApiProperty } from '@nestjs/swagger';
import type { AnyProviderAdapter } from '../contract/provider-adapter';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { CredentialFieldDto } from './credential-field.dto';
import { ProviderCapabilitiesDto } from './provider-capabilities.dto';

/** A provider as the list shows it. */
export class ProviderSummaryDto {
  @ApiProperty({ enum: PROVIDER_NAMES, description: 'The provider', example: 'twilio' })
  provider!: ProviderName;

  @ApiProperty({ type: 'boolean', description: 'Whether the account has credentials stored for it' })
  configured!: boolean;

  @ApiProperty({ type: ProviderCapabilitiesDto, description: "What the provider's API can do" })
  capabilities!: ProviderCapabilitiesDto;

  @ApiProperty({ type: [CredentialFieldDto], description: 'The members of `credentials`' })
  credential_fields!: CredentialFieldDto[];

  static from(provider: ProviderName, adapter: AnyProviderAdapter, configured: boolean): ProviderSummaryDto {
    return {
      provider,
      configured,
      capabilities: { ...adapter.capabilities },
      credential_fields: adapter.credentialFields.map((field) => ({ ...field })),
    };
  }
}
