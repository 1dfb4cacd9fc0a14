import { TwilioSeed } from './twilio.seed';

/** Credentials of the demo: fixed, and plainly no secrets. */
export const DEMO_TWILIO = {
  sid: `AC${'0123456789abcdef'.repeat(2)}`,
  auth_token: 'fedcba9876543210'.repeat(2),
} as const;

/**
 * Six numbers, three of which lead somewhere already: to a URL, to a trunk and to an application. The last two silently
 * override a URL, which is what a client has to notice.
 */
export const DEMO_TWILIO_SEED: TwilioSeed = {
  accounts: [
    {
      ...DEMO_TWILIO,
      friendly_name: 'Demo account',
      numbers: [
        {
          phone_number: '+12025551234',
          voice_url: 'https://demo.twilio.com/welcome/voice/',
          status_callback: 'https://former.example.com/status',
        },
        { phone_number: '+14165551234', voice_url: 'https://former.example.com/voice', voice_method: 'GET' },
        { phone_number: '+442012345678', trunk_sid: `TK${'0123456789abcdef'.repeat(2)}` },
        { phone_number: '+61212345678', voice_application_sid: `AP${'0123456789abcdef'.repeat(2)}` },
        '+6512345678',
        '+971501234567',
      ],
    },
  ],
};
