import type { ProviderAdapter } from '../../contract/provider-adapter';
import { renderAnswer } from './bandwidth.answer';
import { BandwidthClient } from './bandwidth.client';
import { BANDWIDTH_CREDENTIAL_FIELDS, BandwidthCredentials } from './bandwidth.credentials';
import { parseEvent } from './bandwidth.event';
import { verifyCallback } from './bandwidth.signature';

export const bandwidthAdapter: ProviderAdapter<BandwidthCredentials> = {
  name: 'bandwidth',
  capabilities: { list: true, lookup: true, route: true, call: true, hangup: true, signed: false },
  credentialFields: BANDWIDTH_CREDENTIAL_FIELDS,
  credentials: BandwidthCredentials,
  inboundScheme: 'http',
  webhook: { verify: verifyCallback, parse: parseEvent },
  answer: { render: renderAnswer },
  connect: (credentials, http, shared) => new BandwidthClient(credentials, http, shared),
};
