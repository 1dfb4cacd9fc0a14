import { Matches } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';

/**
 * Whether they are right is for the live call to say, so the forms are only those that no request could carry.
 * Sources: https://developer.vonage.com/en/getting-started/concepts/authentication and
 * https://developer.vonage.com/en/getting-started/concepts/signing-messages
 */
export class VonageCredentials extends CountryCredential {
  @Matches(/^[0-9a-zA-Z]{1,64}$/, { message: 'must be letters and digits' })
  api_key!: string;

  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'must be 1 to 128 visible ASCII characters' })
  api_secret!: string;

  /** Key of webhook signatures; the API secret never is. */
  @Matches(/^[\x21-\x7e]{1,256}$/, { message: 'must be 1 to 256 visible ASCII characters' })
  signature_secret!: string;
}

export const VONAGE_CREDENTIAL_FIELDS = credentialFields<VonageCredentials>({
  api_key: {
    description: 'API key: eight letters and digits, on the front page of the Vonage dashboard.',
    required: true,
    secret: true,
  },
  api_secret: {
    description: 'API secret that belongs to the key.',
    required: true,
    secret: true,
  },
  signature_secret: {
    description: 'Signature secret, in the API settings of the Vonage dashboard. Vonage signs its webhooks with it.',
    required: true,
    secret: true,
  },
  country: COUNTRY_FIELD,
});
