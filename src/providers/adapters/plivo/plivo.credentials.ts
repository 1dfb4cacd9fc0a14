import { Matches } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';

/**
 * Whether they are right is for the live call to say, so the forms are only those that no request could carry.
 * Source: https://www.plivo.com/docs/account/api/authentication
 */
export class PlivoCredentials extends CountryCredential {
  @Matches(/^(MA|SA)[0-9A-Za-z]{1,62}$/, { message: 'must be MA or SA and letters and digits' })
  auth_id!: string;

  /** Also the key of webhook signatures. */
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'must be 1 to 128 visible ASCII characters' })
  auth_token!: string;
}

export const PLIVO_CREDENTIAL_FIELDS = credentialFields<PlivoCredentials>({
  auth_id: {
    description: 'Auth ID: MA and 18 letters and digits for a main account, SA for a subaccount, in the Plivo console.',
    required: true,
    secret: true,
  },
  auth_token: {
    description: 'Auth Token of the same account. Plivo signs its webhooks with it.',
    required: true,
    secret: true,
  },
  country: COUNTRY_FIELD,
});
