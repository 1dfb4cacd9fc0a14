import { Matches, ValidateIf } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';
import { requiredWith } from '../../support/required-with';

function hasApiKey(credentials: TwilioCredentials): boolean {
  return credentials.api_key_sid !== undefined || credentials.api_key_secret !== undefined;
}

/**
 * Whether they are right is for the live call to say, so the forms are only those that no request could carry.
 * Sources: https://www.twilio.com/docs/glossary/what-is-a-sid and https://www.twilio.com/docs/iam/api-keys
 */
export class TwilioCredentials extends CountryCredential {
  @Matches(/^AC[0-9a-zA-Z]{1,62}$/, { message: 'must be AC and letters and digits' })
  account_sid!: string;

  /** Also the key of webhook signatures, which an API key never is. */
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'must be 1 to 128 visible ASCII characters' })
  auth_token!: string;

  @ValidateIf(hasApiKey)
  @Matches(/^SK[0-9a-zA-Z]{1,62}$/, { message: requiredWith('api_key_secret', 'must be SK and letters and digits') })
  api_key_sid?: string;

  @ValidateIf(hasApiKey)
  @Matches(/^[\x21-\x7e]{1,128}$/, {
    message: requiredWith('api_key_sid', 'must be 1 to 128 visible ASCII characters'),
  })
  api_key_secret?: string;
}

export const TWILIO_CREDENTIAL_FIELDS = credentialFields<TwilioCredentials>({
  account_sid: {
    description: 'Account SID: AC and 32 hexadecimal digits, on the front page of the Twilio Console.',
    required: true,
    secret: true,
  },
  auth_token: {
    description: 'Auth Token of the account: 32 hexadecimal digits. Twilio signs its webhooks with it.',
    required: true,
    secret: true,
  },
  api_key_sid: {
    description: 'SID of an API key, SK and 32 hexadecimal digits, to call the REST API with. With api_key_secret.',
    required: false,
    secret: true,
  },
  api_key_secret: {
    description: 'Secret of the API key, shown by Twilio once. With api_key_sid.',
    required: false,
    secret: true,
  },
  country: COUNTRY_FIELD,
});
