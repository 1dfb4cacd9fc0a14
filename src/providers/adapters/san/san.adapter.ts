import type { ProviderAdapter } from '../../contract/provider-adapter';
import { SanClient } from './san.client';
import { SAN_CREDENTIAL_FIELDS, SanCredentials } from './san.credentials';
import { sanWebhook } from './san.webhook';

export const sanAdapter: ProviderAdapter<SanCredentials> = {
  name: 'san',
  capabilities: { list: false, lookup: false, route: false, call: true, hangup: true, signed: false },
  credentialFields: SAN_CREDENTIAL_FIELDS,
  credentials: SanCredentials,
  inboundScheme: 'ws',
  hasCustomerHost: true,
  webhook: sanWebhook,
  answer: null,
  connect: (credentials, http) => new SanClient(credentials, http),
};
