const TWILIO = {
  provider: 'twilio',
  configured: true,
  capabilities: { list: true, lookup: true, route: true, call: true, hangup: true, signed: true },
  credential_fields: [
    {
      name: 'account_sid',
      description: 'Account SID: AC and 32 hexadecimal digits, on the front page of the Twilio Console.',
      required: true,
      secret: true,
    },
    {
      name: 'auth_token',
      description: 'Auth Token of the account: 32 hexadecimal digits. Twilio signs its webhooks with it.',
      required: true,
      secret: true,
    },
  ],
};

/** A configured provider as the OpenAPI document shows it. */
export const PROVIDER_EXAMPLE = {
  ...TWILIO,
  credentials: { account_sid: '****cdef', auth_token: '****3210' },
  verified: true,
  inbound_url: 'https://voice.example.com/inbound/twilio/mXk0Vn7ZqkQf3T2yB8sUo5rJcW1dLhEaP6gIzYtN4vA',
  created_at: '2026-11-24T08:00:00.000Z',
  updated_at: '2026-11-24T08:00:00.000Z',
};

export const PROVIDER_LIST_EXAMPLE = { items: [TWILIO], next_cursor: null };
