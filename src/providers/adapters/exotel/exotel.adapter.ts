import type { ProviderAdapter } from '../../contract/provider-adapter';
import { exotelAnswer } from './exotel.answer';
import { ExotelClient } from './exotel.client';
import { EXOTEL_CREDENTIAL_FIELDS, ExotelCredentials } from './exotel.credentials';
import { exotelWebhook } from './exotel.webhook';

export const exotelAdapter: ProviderAdapter<ExotelCredentials> = {
  name: 'exotel',
  capabilities: { list: true, lookup: true, route: true, call: true, hangup: false, signed: false },
  credentialFields: EXOTEL_CREDENTIAL_FIELDS,
  credentials: ExotelCredentials,
  inboundScheme: 'http',
  webhook: exotelWebhook,
  answer: exotelAnswer,
  connect: (credentials, http) => new ExotelClient(credentials, http),
};
