import type { ProviderAdapter } from '../../contract/provider-adapter';
import { renderVonageAnswer } from './vonage.answer';
import { VonageClient } from './vonage.client';
import { VONAGE_CREDENTIAL_FIELDS, VonageCredentials } from './vonage.credentials';
import { parseVonageWebhook } from './vonage.event';
import { verifyVonageWebhook } from './vonage.signature';

export const vonageAdapter: ProviderAdapter<VonageCredentials> = {
  name: 'vonage',
  capabilities: { list: true, lookup: true, route: true, call: true, hangup: true, signed: true },
  credentialFields: VONAGE_CREDENTIAL_FIELDS,
  credentials: VonageCredentials,
  inboundScheme: 'http',
  webhook: { verify: verifyVonageWebhook, parse: parseVonageWebhook },
  answer: { render: renderVonageAnswer },
  connect: (credentials, http, shared) => new VonageClient(credentials, http, shared),
};
