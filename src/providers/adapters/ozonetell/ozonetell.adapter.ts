import type { ProviderAdapter } from '../../contract/provider-adapter';
import { ozonetellAnswer } from './ozonetell.answer';
import { OzonetellClient } from './ozonetell.client';
import { OZONETELL_CREDENTIAL_FIELDS, OzonetellCredentials } from './ozonetell.credentials';
import { ozonetellWebhook } from './ozonetell.webhook';

export const ozonetellAdapter: ProviderAdapter<OzonetellCredentials> = {
  name: 'ozonetell',
  capabilities: { list: false, lookup: false, route: false, call: true, hangup: true, signed: false },
  credentialFields: OZONETELL_CREDENTIAL_FIELDS,
  credentials: OzonetellCredentials,
  inboundScheme: 'http',
  webhook: ozonetellWebhook,
  answer: ozonetellAnswer,
  connect: (credentials, http) => new OzonetellClient(credentials, http),
};
