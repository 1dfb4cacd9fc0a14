// Of the OpenAPI document.

export const EXAMPLE_AGENT_ID = 'agent_01kawgyqr4e3v9m2t5x8b7c6dn';
export const EXAMPLE_NUMBER = '+918062810341';

export const EXAMPLE_WEBHOOK_SECRET = 'whsec_K3mWv0nGdJb8Qy5sX1tZr7uLc2pEa9fHoI4jN6kMwTs=';

const AGENT = {
  agent_id: EXAMPLE_AGENT_ID,
  agent_name: 'Support',
  description: 'Answers questions about orders',
  status: 'active',
  purpose: 'PRODUCTION',
  prompt: 'You answer questions about orders.',
  greeting: 'Hello, how can I help you?',
  timezone: 'Asia/Kolkata',
  language: 'en-IN',
  connect: { type: 'websocket', url: 'wss://media.example.com/agent' },
  fallback: { type: 'phone_number', to: '+12025551234' },
  webhook_url: 'https://example.com/patchbay-events',
  webhook_events: ['call.answered', 'call.ended'],
  inbound_webhook_url: null,
  voice: { name: 'aria', speed: 1.1 },
  speech_to_text: null,
  llm: null,
  configurations: null,
  phone_numbers: [] as string[],
  phone_number_count: 0,
  created_at: '2026-11-23T09:30:00.000Z',
  updated_at: '2026-11-23T09:30:00.000Z',
};

export const NEW_AGENT_EXAMPLE = { ...AGENT, webhook_secret: EXAMPLE_WEBHOOK_SECRET };

export const AGENT_EXAMPLE = { ...AGENT, phone_numbers: [EXAMPLE_NUMBER], phone_number_count: 1 };

export const AGENT_PAGE_EXAMPLE = { items: [AGENT_EXAMPLE], next_cursor: null };

export const ROTATED_SECRET_EXAMPLE = {
  agent_id: EXAMPLE_AGENT_ID,
  webhook_secret: EXAMPLE_WEBHOOK_SECRET,
  previous_secret_expires_at: '2026-11-25T08:00:00.000Z',
};

export const DELETED_AGENT_EXAMPLE = { agent_id: EXAMPLE_AGENT_ID, deleted: true };

export const ATTACHMENT_EXAMPLE = {
  agent_id: EXAMPLE_AGENT_ID,
  phone_numbers: [EXAMPLE_NUMBER],
  provider: 'san',
  attached_at: '2026-11-24T08:00:00.000Z',
  status: 'active',
  numbers: [
    {
      phone_number: EXAMPLE_NUMBER,
      status: 'active',
      reason: null,
      attached_at: '2026-11-24T08:00:00.000Z',
      inbound_url: `wss://patchbay.example.com/inbound/san/KEY/${EXAMPLE_NUMBER}`,
    },
  ],
};

export const DETACHMENT_EXAMPLE = {
  agent_id: EXAMPLE_AGENT_ID,
  phone_numbers: [EXAMPLE_NUMBER],
  numbers: [{ phone_number: EXAMPLE_NUMBER, status: 'inactive', reason: null }],
};
