import { IsOptional, Matches, ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';
import { requiredWith } from '../../support/required-with';

const ID_RULE = { message: 'must be 1 to 20 digits' };

function hasClient(credentials: BandwidthCredentials): boolean {
  return credentials.client_id !== undefined || credentials.client_secret !== undefined;
}

function hasUser(credentials: BandwidthCredentials): boolean {
  return credentials.username !== undefined || credentials.password !== undefined;
}

/** Without either pair the first one is asked for, once there is an account that it would open. */
function needsClient(credentials: BandwidthCredentials): boolean {
  return hasClient(credentials) || (credentials.account_id !== undefined && !hasUser(credentials));
}

function OnlyWithoutClient(): PropertyDecorator {
  return ValidateBy({
    name: 'onlyWithoutClient',
    validator: {
      validate: (_value: unknown, given?: ValidationArguments) =>
        given === undefined || !hasClient(given.object as BandwidthCredentials),
      defaultMessage: () => 'must be left out where client_id and client_secret are given',
    },
  });
}

/**
 * An account and one of two pairs: OAuth2 client credentials, or the user of an older API. Bandwidth stops the latter on
 * December 2, 2026 (https://nango.dev/docs/api-integrations/bandwidth/connect).
 * Source: https://dev.bandwidth.com/docs/account/credentials
 */
export class BandwidthCredentials extends CountryCredential {
  @Matches(/^\d{1,20}$/, ID_RULE)
  account_id!: string;

  @ValidateIf(needsClient)
  @Matches(/^[\x21-\x39\x3b-\x7e]{1,255}$/, {
    message: requiredWith(
      'client_secret, or username and password instead of both',
      'must be 1 to 255 visible ASCII characters without a colon',
    ),
  })
  client_id?: string;

  @ValidateIf(needsClient)
  @Matches(/^[\x21-\x7e]{1,1024}$/, {
    message: requiredWith(
      'client_id, or username and password instead of both',
      'must be 1 to 1024 visible ASCII characters',
    ),
  })
  client_secret?: string;

  @ValidateIf(hasUser)
  @OnlyWithoutClient()
  @Matches(/^[^\p{Cc}:]{1,255}$/u, {
    message: requiredWith('password', 'must be 1 to 255 characters without colon and control characters'),
  })
  username?: string;

  @ValidateIf(hasUser)
  @OnlyWithoutClient()
  @Matches(/^[^\p{Cc}]{1,255}$/u, {
    message: requiredWith('username', 'must be 1 to 255 characters without control characters'),
  })
  password?: string;

  @IsOptional()
  @Matches(/^\d{1,20}$/, ID_RULE)
  site_id?: string;

  @IsOptional()
  @Matches(/^\d{1,20}$/, ID_RULE)
  sip_peer_id?: string;
}

export const BANDWIDTH_CREDENTIAL_FIELDS = credentialFields<BandwidthCredentials>({
  account_id: { description: 'Account ID: digits, in the Bandwidth App.', required: true, secret: true },
  client_id: {
    description: 'Client ID of an API credential (Account > API Credentials). With client_secret.',
    required: false,
    secret: true,
  },
  client_secret: {
    description: 'Client secret of the API credential, shown by Bandwidth once. With client_id.',
    required: false,
    secret: true,
  },
  username: {
    description: 'User of the older API, instead of client_id and client_secret. With password.',
    required: false,
    secret: true,
  },
  password: { description: 'Password of that user. With username.', required: false, secret: true },
  site_id: {
    description:
      'Sub-account (site) whose location takes the numbers; needed where the account has several. Not for the Universal Platform.',
    required: false,
    secret: false,
  },
  sip_peer_id: {
    description:
      'Location (SIP peer) of that sub-account to put the numbers into; one of our own is made where it is left out.',
    required: false,
    secret: false,
  },
  country: COUNTRY_FIELD,
});
