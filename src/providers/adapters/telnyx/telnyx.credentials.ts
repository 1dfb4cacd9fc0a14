import { Matches } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';

/**
 * Whether the key is right is for the live call to say, so its form is only that which a request can carry.
 * Source: https://developers.telnyx.com/docs/voice/programmable-voice/receiving-webhooks
 */
export class TelnyxCredentials extends CountryCredential {
  @Matches(/^[\x21-\x7e]{1,256}$/, { message: 'must be 1 to 256 visible ASCII characters' })
  api_key!: string;

  /** Of an Ed25519 pair whose other half is Telnyx's own: it proves webhooks and lets nobody in. */
  @Matches(/^[A-Za-z0-9+/]{43}=$/, { message: 'must be 32 bytes in base64' })
  public_key!: string;
}

export const TELNYX_CREDENTIAL_FIELDS = credentialFields<TelnyxCredentials>({
  api_key: {
    description: 'API key (v2), beginning with KEY, from Account Settings > Keys & Credentials of Mission Control.',
    required: true,
    secret: true,
  },
  public_key: {
    description:
      'Public key of the account, 32 bytes in base64, from the same page. Telnyx signs its webhooks with its other half.',
    required: true,
    secret: true,
  },
  country: COUNTRY_FIELD,
});
