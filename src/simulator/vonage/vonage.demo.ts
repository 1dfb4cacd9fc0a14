import { VonageSeed } from './vonage.seed';

/** Credentials of the demo: fixed, and plainly no secrets. */
export const DEMO_VONAGE = {
  api_key: 'abcd1234',
  api_secret: 'DemoApiSecret123',
  signature_secret: 'demo-signature-secret-of-32-bytes',
} as const;

const FORMER_APPLICATION = '78d335fa-323d-0114-9c3d-d6f0d48968cf';

/** Nobody has the private half. */
const FORMER_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAql9uB4l0lyaaSGc9BD9q
kI6q3rn3BDVHAvLrMYGs4rayOyxfbe7Q5L98hjSEJXXdquypi5JYA0KthWIjOaRN
m0IDQ++YqhjxLWT/3tPzC6rlbC3KFCR7qY4KyieVqzmeA+GWXvrgfjIlq5GBWAFk
JxdZ52ea9umx3KdTY0lsipHLwc3QANX6QhZv0nX+2dO7aTdgSDlygp+E2J5E7QgE
fU85SwErsLFe/0oBiuN4jVjaD3jANQiMVcqEjagDl96HDli/F66jlmtEX0zHS59K
XMnpZ1J6AeG0CP0xXs+hceCIS9WbXc/J2iP8ybsHZX2OLXc0IA9wzgCkSyXGA8dp
tQIDAQAB
-----END PUBLIC KEY-----
`;

/**
 * Four numbers: one leads to an application, with an SMS webhook that an update may clear by leaving it out; two have a SIP
 * and a telephone callback, which silently override the application; one leads nowhere.
 */
export const DEMO_VONAGE_SEED: VonageSeed = {
  accounts: [
    {
      ...DEMO_VONAGE,
      applications: [
        {
          id: FORMER_APPLICATION,
          name: 'Former application',
          capabilities: {
            voice: {
              webhooks: {
                answer_url: { address: 'https://former.example.com/answer', http_method: 'GET' },
                event_url: { address: 'https://former.example.com/event', http_method: 'POST' },
              },
              signed_callbacks: false,
            },
          },
          public_key: FORMER_KEY,
        },
      ],
      numbers: [
        {
          number: '+447700900123',
          country: 'GB',
          app_id: FORMER_APPLICATION,
          moHttpUrl: 'https://former.example.com/inbound-sms',
        },
        {
          number: '+12015550143',
          country: 'US',
          app_id: FORMER_APPLICATION,
          voiceCallbackType: 'sip',
          voiceCallbackValue: 'sip:desk@former.example.com',
        },
        { number: '+46701234567', country: 'SE', voiceCallbackType: 'tel', voiceCallbackValue: '46701234568' },
        '+34910601234',
      ],
    },
  ],
};
