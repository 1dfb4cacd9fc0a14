import type { ProviderAdapter } from '../../contract/provider-adapter';
import { twilioAnswer } from './twilio.answer';
import { TwilioClient } from './twilio.client';
import { TWILIO_CREDENTIAL_FIELDS, TwilioCredentials } from './twilio.credentials';
import { twilioWebhook } from './twilio.webhook';

export const twilioAdapter: ProviderAdapter<TwilioCredentials> = {
  name: 'twilio',
  capabilities: { list: true, lookup: true, route: true, call: true, hangup: true, signed: true },
  credentialFields: TWILIO_CREDENTIAL_FIELDS,
  credentials: TwilioCredentials,
  inboundScheme: 'http',
  webhook: twilioWebhook,
  answer: twilioAnswer,
  connect: (credentials, http) => new TwilioClient(credentials, http),
};
