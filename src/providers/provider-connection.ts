import type { AnyProviderAdapter, ProviderClient } from './contract/provider-adapter';
import type { ProviderName } from '../common/provider-name';

/** An account's configured provider, ready to be asked. */
export interface ProviderConnection {
  readonly providerAccountId: string;
  readonly accountId: string;
  readonly provider: ProviderName;
  readonly inboundKey: string;
  readonly client: ProviderClient;
  readonly adapter: AnyProviderAdapter;
}

/** Whose inbound URL it is that a provider has called. */
export interface InboundKeyOwner {
  readonly accountId: string;
  readonly providerAccountId: string;
  readonly provider: ProviderName;
}
