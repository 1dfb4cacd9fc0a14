import type { ProviderAdapter } from '../../contract/provider-adapter';
import { SanClient } from './san.client';
import { SAN_CREDENTIAL_FIELDS, SanCredentials } from './san.credentials';

export const sanAdapter: ProviderAdapter<SanCredentials> = {
  name: 'san',
  capabilities: { list: false, lookup: false, route: false, call: false, hangup: false, signed: false },
  credentialFields: SAN_CREDENTIAL_FIELDS,
  credentials: SanCredentials,
  inboundScheme: 'ws',
  hasCustomerHost: true,
  connect: (credentials, http) => new SanClient(credentials, http),
};
