import { ApiProperty } from '@nestjs/swagger';
import { toIso } from '../../common/clock';
import type { AnyProviderAdapter } from '../contract/provider-adapter';
import type { ProviderName } from '../../common/provider-name';
import { ProviderSummaryDto } from './provider-summary.dto';

/** What of a stored provider account may be shown. Times in Unix milliseconds. */
export interface ShownProviderAccount {
  readonly credentials: Readonly<Record<string, string>>;
  readonly verified: boolean;
  readonly inboundUrl: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A provider with the account's credentials, masked. */
export class ProviderDto extends ProviderSummaryDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    nullable: true,
    description:
      'The stored credentials by field: secret ones as `****` and their last four characters (short ones as `****` alone). `null` while not configured',
    example: { account_sid: '****cdef', auth_token: '****3210' },
  })
  credentials!: Readonly<Record<string, string>> | null;

  @ApiProperty({
    type: 'boolean',
    nullable: true,
    description:
      'Whether the provider has proven the credentials; false where it has no harmless call that would. `null` while not configured',
  })
  verified!: boolean | null;

  @ApiProperty({
    type: 'string',
    format: 'uri',
    nullable: true,
    description:
      'Where the provider reaches this account. Secret: whoever knows it can pose as the provider where that signs nothing. Numbers that are bound by hand take `/` and the number at its end. `null` while not configured',
    example: 'https://voice.example.com/inbound/twilio/mXk0Vn7ZqkQf3T2yB8sUo5rJcW1dLhEaP6gIzYtN4vA',
  })
  inbound_url!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When it was first configured' })
  created_at!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When credentials were last put' })
  updated_at!: string | null;

  static fromAccount(
    provider: ProviderName,
    adapter: AnyProviderAdapter,
    account: ShownProviderAccount | null,
  ): ProviderDto {
    return {
      ...ProviderSummaryDto.from(provider, adapter, account !== null),
      credentials: account?.credentials ?? null,
      verified: account?.verified ?? null,
      inbound_url: account?.inboundUrl ?? null,
      created_at: account ? toIso(account.createdAt) : null,
      updated_at: account ? toIso(account.updatedAt) : null,
    };
  }
}
