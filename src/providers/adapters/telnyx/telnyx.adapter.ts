import type { ProviderAdapter } from '../../contract/provider-adapter';
import { telnyxAnswer } from './telnyx.answer';
import { TelnyxClient } from './telnyx.client';
import { TELNYX_CREDENTIAL_FIELDS, TelnyxCredentials } from './telnyx.credentials';
import { parseEvent } from './telnyx.event';
import { verifySignature } from './telnyx.signature';

export const telnyxAdapter: ProviderAdapter<TelnyxCredentials> = {
  name: 'telnyx',
  capabilities: { list: true, lookup: true, route: true, call: true, hangup: true, signed: true },
  credentialFields: TELNYX_CREDENTIAL_FIELDS,
  credentials: TelnyxCredentials,
  inboundScheme: 'http',
  webhook: { verify: verifySignature, parse: parseEvent },
  answer: telnyxAnswer,
  connect: (credentials, http, shared) => new TelnyxClient(credentials, http, shared),
};
