import type { CredentialField, ProviderCredentials } from '../contract/credentials';

type Described<C extends ProviderCredentials> = Record<keyof C & string, Omit<CredentialField, 'name'>>;

/** The fields of a credentials class, in the order written; the compiler asks for every property of the class. */
export function credentialFields<C extends ProviderCredentials>(fields: Described<C>): readonly CredentialField[] {
  return Object.entries<Omit<CredentialField, 'name'>>(fields).map(([name, field]) => ({ name, ...field }));
}
