import type { ProviderAdapter } from '../../contract/provider-adapter';
import { TwilioClient } from './twilio.client';
import { TWILIO_CREDENTIAL_FIELDS, TwilioCredentials } from './twilio.credentials';

export const twilioAdapter: ProviderAdapter<TwilioCredentials> = {
  name: 'twilio',
  capabilities: { list: true, lookup: true, route: true, call: false, hangup: false, signed: false },
  credentialFields: TWILIO_CREDENTIAL_FIELDS,
  credentials: TwilioCredentials,
  inboundScheme: 'http',
  connect: (credentials, http) => new TwilioClient(credentials, http),
};
