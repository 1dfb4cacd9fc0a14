import type { ProviderAdapter } from '../../contract/provider-adapter';
import { plivoAnswer } from './plivo.answer';
import { PlivoClient } from './plivo.client';
import { PLIVO_CREDENTIAL_FIELDS, PlivoCredentials } from './plivo.credentials';
import { plivoWebhook } from './plivo.webhook';

export const plivoAdapter: ProviderAdapter<PlivoCredentials> = {
  name: 'plivo',
  capabilities: { list: true, lookup: true, route: true, call: true, hangup: true, signed: true },
  credentialFields: PLIVO_CREDENTIAL_FIELDS,
  credentials: PlivoCredentials,
  inboundScheme: 'http',
  webhook: plivoWebhook,
  answer: plivoAnswer,
  connect: (credentials, http, shared) => new PlivoClient(credentials, http, shared),
};
