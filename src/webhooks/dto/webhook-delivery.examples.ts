// Of the OpenAPI document.

export const EXAMPLE_DELIVERY_ID = 'msg_01kawgyqr4e3v9m2t5x8b7c6dn';

const DELIVERY = {
  id: EXAMPLE_DELIVERY_ID,
  type: 'number.attached',
  agent_id: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn',
  reason: null,
  created_at: '2026-11-24T08:00:00.000Z',
  payload: {
    id: EXAMPLE_DELIVERY_ID,
    type: 'number.attached',
    timestamp: '2026-11-24T08:00:00.000Z',
    data: { agent_id: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn', phone_number: '+918062810341' },
  },
};

const ATTEMPT = {
  attempted_at: '2026-11-24T08:00:00.120Z',
  url: 'https://example.com/patchbay-events',
  status_code: 200,
  latency_ms: 41,
  error: null,
  response: 'ok',
};

export const DELIVERY_EXAMPLE = {
  ...DELIVERY,
  status: 'delivered',
  attempts: [ATTEMPT],
  next_attempt_at: null,
  settled_at: '2026-11-24T08:00:00.162Z',
};

export const DELIVERY_PAGE_EXAMPLE = { items: [DELIVERY_EXAMPLE], next_cursor: null };

export const REDELIVERY_EXAMPLE = {
  ...DELIVERY,
  status: 'pending',
  attempts: [ATTEMPT],
  next_attempt_at: '2026-11-24T09:30:00.000Z',
  settled_at: null,
};
