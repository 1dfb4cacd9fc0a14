import { IsIn, IsOptional, Matches } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';

export const EXOTEL_REGIONS = ['singapore', 'mumbai'] as const;
export type ExotelRegion = (typeof EXOTEL_REGIONS)[number];

/**
 * Whether they are right is for the live call to say, so the forms are only those that no request could carry.
 * Source: https://developer.exotel.com/docs/exophones/overview
 */
export class ExotelCredentials extends CountryCredential {
  @Matches(/^[A-Za-z0-9_.-]{1,64}$/, { message: 'must be 1 to 64 letters, digits, dots, hyphens and underscores' })
  account_sid!: string;

  @Matches(/^[\x21-\x39\x3b-\x7e]{1,128}$/, { message: 'must be 1 to 128 visible ASCII characters without colon' })
  api_key!: string;

  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'must be 1 to 128 visible ASCII characters' })
  api_token!: string;

  @IsIn(EXOTEL_REGIONS, { message: 'must be singapore or mumbai' })
  region!: ExotelRegion;

  @IsOptional()
  @Matches(/^\d{1,19}$/, { message: 'must be a string of 1 to 19 digits' })
  app_id?: string;
}

export const EXOTEL_CREDENTIAL_FIELDS = credentialFields<ExotelCredentials>({
  account_sid: {
    description: 'Account SID, under Settings > API Settings of the Exotel dashboard.',
    required: true,
    secret: true,
  },
  api_key: { description: 'API key, the user of the REST API.', required: true, secret: true },
  api_token: { description: 'API token, the password of the REST API.', required: true, secret: true },
  region: {
    description: 'singapore (api.exotel.com) or mumbai (api.in.exotel.com): where the account is.',
    required: true,
    secret: false,
  },
  app_id: {
    description:
      'Number of the flow in App Bazaar to which numbers are assigned. Needed for attaching numbers and for calls to agents without a stream.',
    required: false,
    secret: false,
  },
  country: {
    ...COUNTRY_FIELD,
    description: `${COUNTRY_FIELD.description} IN where it is not given.`,
  },
});
