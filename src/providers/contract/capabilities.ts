/** What a provider's API can do for us; what it cannot is done by hand in the provider's portal. */
export interface ProviderCapabilities {
  /** Its API lists the numbers that the account owns. */
  readonly list: boolean;
  /** Its API tells whether the account owns one given number. */
  readonly lookup: boolean;
  /** Its API sets where a number's calls go; otherwise the number is bound by hand and proven by its first call. */
  readonly route: boolean;
  /** Its API places calls. */
  readonly call: boolean;
  /** Its API ends a call. */
  readonly hangup: boolean;
  /** It signs its webhooks. */
  readonly signed: boolean;
}
