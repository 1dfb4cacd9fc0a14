import { IsOptional, IsUrl, Matches, ValidateIf } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';
import { requiredWith } from '../../support/required-with';

const URL_RULE = {
  protocols: ['http', 'https'],
  require_protocol: true,
  require_tld: false,
  disallow_auth: true,
  allow_query_components: false,
  allow_fragments: false,
};

function hasBasicAuth(credentials: SanCredentials): boolean {
  return credentials.username !== undefined || credentials.password !== undefined;
}

/**
 * All optional: San's numbers are bound by hand, and its calls are known by the inbound URL. San publishes no
 * documentation of its API; the fields are those that third-party clients send.
 */
export class SanCredentials extends CountryCredential {
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'must be an http or https URL without user, query and fragment' })
  base_url?: string;

  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,2048}$/, { message: 'must be 1 to 2048 visible ASCII characters' })
  access_token?: string;

  @IsOptional()
  @Matches(/^[^\p{Cc}]{1,512}$/u, { message: 'must be 1 to 512 characters without control characters' })
  access_key?: string;

  @IsOptional()
  @Matches(/^\d{1,15}$/, { message: 'must be a string of 1 to 15 digits' })
  app_id?: string;

  @ValidateIf(hasBasicAuth)
  @Matches(/^[^\p{Cc}:]{1,255}$/u, {
    message: requiredWith('password', 'must be 1 to 255 characters without colon and control characters'),
  })
  username?: string;

  @ValidateIf(hasBasicAuth)
  @Matches(/^[^\p{Cc}]{1,255}$/u, {
    message: requiredWith('username', 'must be 1 to 255 characters without control characters'),
  })
  password?: string;
}

export const SAN_CREDENTIAL_FIELDS = credentialFields<SanCredentials>({
  base_url: {
    description: "The tenant's API, such as https://tenant.sansoftwares.com/pbxadmin/sanpbxapi.",
    required: false,
    secret: false,
  },
  access_token: {
    description: 'Access token of the tenant. With base_url and access_key the credentials are proven by a live call.',
    required: false,
    secret: true,
  },
  access_key: { description: 'Access key of the tenant.', required: false, secret: true },
  app_id: {
    description:
      'Number of the app that San has enabled for WebSockets, as a string of digits. With base_url, access_token and access_key calls can be placed.',
    required: false,
    secret: false,
  },
  username: {
    description: 'User for HTTP Basic, where the tenant requires it. With password.',
    required: false,
    secret: true,
  },
  password: {
    description: 'Password for HTTP Basic, where the tenant requires it. With username.',
    required: false,
    secret: true,
  },
  country: {
    ...COUNTRY_FIELD,
    description: `${COUNTRY_FIELD.description} IN where it is not given.`,
  },
});
