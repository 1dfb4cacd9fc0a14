import { IsOptional, Matches } from 'class-validator';
import { COUNTRY_FIELD, CountryCredential } from '../../support/country-credential';
import { credentialFields } from '../../support/credential-fields';

/** The forms are only those that no request could carry; which are right is Ozonetel's to say. */
export class OzonetellCredentials extends CountryCredential {
  @Matches(/^[\x21-\x7e]{1,128}$/, { message: 'must be 1 to 128 visible ASCII characters' })
  api_key!: string;

  @IsOptional()
  @Matches(/^\d{1,15}$/, { message: 'must be a string of 1 to 15 digits' })
  sip_extension?: string;

  @IsOptional()
  @Matches(/^[^\p{Cc}]{1,200}$/u, { message: 'must be 1 to 200 characters without control characters' })
  user_name?: string;
}

export const OZONETELL_CREDENTIAL_FIELDS = credentialFields<OzonetellCredentials>({
  api_key: {
    description: 'API key of the KooKoo or CloudAgent account: KK and 32 hexadecimal digits.',
    required: true,
    secret: true,
  },
  sip_extension: {
    description:
      'SIP extension that Ozonetel has provisioned for streaming, as a string of digits such as 524431. Without it no call can be connected to a stream.',
    required: false,
    secret: false,
  },
  user_name: {
    description:
      'CloudAgent user name. With it the key is proven by generating a token, which makes earlier tokens of the account invalid; leave it out where something else uses such tokens.',
    required: false,
    secret: true,
  },
  country: {
    ...COUNTRY_FIELD,
    description: `${COUNTRY_FIELD.description} IN where it is not given.`,
  },
});
