import { IsISO31661Alpha2, IsOptional, Matches } from 'class-validator';
import type { CredentialField } from '../contract/credentials';

/** What every provider's credentials have in common. */
export abstract class CountryCredential {
  @IsOptional()
  @Matches(/^[A-Z]{2}$/, { message: 'must be an ISO 3166-1 alpha-2 country code in capitals, such as IN' })
  @IsISO31661Alpha2({ message: 'must be an ISO 3166-1 alpha-2 country code in capitals, such as IN' })
  country?: string;
}

export const COUNTRY_FIELD: Omit<CredentialField, 'name'> = {
  description: 'ISO 3166-1 alpha-2 code of the country whose numbers the provider gives in national form, such as IN.',
  required: false,
  secret: false,
};
