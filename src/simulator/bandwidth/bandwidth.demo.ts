import { VendorDemo } from '../core/vendor';
import { BandwidthSeed } from './bandwidth.seed';

/** Credentials of the demo: fixed, and plainly no secrets. The account is on the Universal Platform. */
export const DEMO_BANDWIDTH = {
  account_id: '9900000',
  client_id: 'CLI-demo-client',
  client_secret: 'demo-client-secret',
  username: 'demo-api-user',
  password: 'demo-api-password',
} as const;

/** The same for an account without voice configuration packages. */
export const DEMO_BANDWIDTH_LEGACY = {
  account_id: '9900001',
  client_id: 'CLI-demo-legacy-client',
  client_secret: 'demo-legacy-client-secret',
  username: 'demo-legacy-user',
  password: 'demo-legacy-password',
} as const;

const FORMER_APPLICATION = {
  ApplicationId: '04e88489-df02-4e34-a0ee-27a91849555f',
  ServiceType: 'Voice-V2',
  AppName: 'Former application',
  CallInitiatedCallbackUrl: 'https://former.example.com/voice',
  CallInitiatedMethod: 'POST',
  CallStatusCallbackUrl: 'https://former.example.com/status',
  CallStatusMethod: 'POST',
  CallbackCreds: { UserId: 'former', Password: 'former-password' },
} as const;

const MESSAGING_APPLICATION = {
  ApplicationId: '2cfcb382-161c-46d4-8c67-87ca09a72c85',
  ServiceType: 'Messaging-V2',
  AppName: 'Messages',
  InboundCallbackUrl: 'https://former.example.com/messages',
} as const;

const APPLICATION_PACKAGE = {
  id: '1f0d9f0e-6b7c-4f2a-9d1e-0a3b5c7d9e01',
  name: 'Former package',
  description: null,
  application_id: FORMER_APPLICATION.ApplicationId,
  sip_endpoint: null,
};
const SIP_PACKAGE = {
  id: '1f0d9f0e-6b7c-4f2a-9d1e-0a3b5c7d9e02',
  name: 'PBX',
  description: 'By SIP',
  application_id: null,
  sip_endpoint: 'sip:pbx@former.example.com',
};

/**
 * At the universal account one number of a package with an application, one of a package that goes to SIP, one whose
 * inbound service is off, one of no package, and one that is not in service. At the legacy account one number of a peer
 * with an application, and one of a peer that goes to SIP hosts.
 */
export const DEMO_BANDWIDTH_SEED: BandwidthSeed = {
  accounts: [
    {
      ...DEMO_BANDWIDTH,
      kind: 'universal',
      sites: [
        {
          id: '40001',
          name: 'Demo site',
          description: '',
          peers: [
            {
              id: '500001',
              name: 'Demo location',
              is_default: true,
              voice_protocol: 'SIP',
              application_id: null,
              voice_hosts: [],
            },
          ],
        },
      ],
      applications: [FORMER_APPLICATION, MESSAGING_APPLICATION],
      packages: [APPLICATION_PACKAGE, SIP_PACKAGE],
      numbers: [
        { number: '+19195551201', vcp_id: APPLICATION_PACKAGE.id, inbound_activated: true },
        { number: '+19195551202', vcp_id: SIP_PACKAGE.id, inbound_activated: true },
        { number: '+19195551203', vcp_id: APPLICATION_PACKAGE.id },
        '+19195551204',
        { number: '+19195551205', status: 'Aging' },
      ],
    },
    {
      ...DEMO_BANDWIDTH_LEGACY,
      kind: 'legacy',
      sites: [
        {
          id: '743',
          name: 'Former site',
          description: 'As it was',
          peers: [
            {
              id: '303716',
              name: 'Former HTTP',
              is_default: true,
              voice_protocol: 'HTTP',
              application_id: FORMER_APPLICATION.ApplicationId,
              voice_hosts: [],
            },
            {
              id: '303717',
              name: 'Former SIP',
              is_default: false,
              voice_protocol: 'SIP',
              application_id: null,
              voice_hosts: ['192.0.2.10'],
            },
          ],
        },
      ],
      applications: [FORMER_APPLICATION],
      numbers: [
        { number: '+19195551301', peer_id: '303716' },
        { number: '+19195551302', peer_id: '303717' },
      ],
    },
  ],
};

/** The universal account with its client, the legacy one with its API user. */
export const DEMO_BANDWIDTH_ACCOUNTS = [
  {
    account: DEMO_BANDWIDTH.account_id,
    credentials: {
      account_id: DEMO_BANDWIDTH.account_id,
      client_id: DEMO_BANDWIDTH.client_id,
      client_secret: DEMO_BANDWIDTH.client_secret,
    },
    numbers: ['+19195551201', '+19195551202', '+19195551203', '+19195551204'],
  },
  {
    account: DEMO_BANDWIDTH_LEGACY.account_id,
    credentials: {
      account_id: DEMO_BANDWIDTH_LEGACY.account_id,
      username: DEMO_BANDWIDTH_LEGACY.username,
      password: DEMO_BANDWIDTH_LEGACY.password,
    },
    numbers: ['+19195551301', '+19195551302'],
  },
] as const satisfies readonly [VendorDemo, ...VendorDemo[]];
