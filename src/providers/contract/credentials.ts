/** Credentials by field name, as stored (sealed); which fields there are is the adapter's to say. */
export type ProviderCredentials = object;

export type CredentialsClass<C extends ProviderCredentials> = new () => C;

/** What a client needs to know to fill in one credential. */
export interface CredentialField {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** Whether it lets somebody in or names the account, and so is only ever shown masked to its last four characters. */
  readonly secret: boolean;
}
