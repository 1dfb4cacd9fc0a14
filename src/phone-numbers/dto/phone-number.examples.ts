const EXAMPLE_NUMBER = '+918062810341';
const EXAMPLE_AGENT = 'agent_01kawgyqr4e3v9m2t5x8b7c6dn';

/** Of the OpenAPI document: a number as registered by hand. */
export const REGISTERED_NUMBER_EXAMPLE = {
  phone_number: EXAMPLE_NUMBER,
  provider: 'san',
  country: 'IN',
  status: 'inactive',
  reason: null,
  purpose: null,
  label: 'Support line Mumbai',
  agent_id: null,
  attached_at: null,
  max_concurrent_calls: 10,
  active_calls: 0,
  created_at: '2026-11-23T09:30:00.000Z',
  updated_at: '2026-11-23T09:30:00.000Z',
};

/** The same number, attached. */
export const ATTACHED_NUMBER_EXAMPLE = {
  ...REGISTERED_NUMBER_EXAMPLE,
  status: 'active',
  agent_id: EXAMPLE_AGENT,
  attached_at: '2026-11-24T08:00:00.000Z',
  updated_at: '2026-11-24T08:00:00.000Z',
};

export const NUMBER_PAGE_EXAMPLE = { items: [ATTACHED_NUMBER_EXAMPLE], next_cursor: null };

export const DELETED_NUMBER_EXAMPLE = { phone_number: EXAMPLE_NUMBER, deleted: true };

export const ROUTE_PAGE_EXAMPLE = {
  phone_number: EXAMPLE_NUMBER,
  provider: 'san',
  agent: { agent_id: EXAMPLE_AGENT, agent_name: 'Support', status: 'active' },
  status: 'active',
  reason: null,
  provider_route: {
    answer_url: null,
    confirmed_at: '2026-11-24T08:00:00.000Z',
    generation: 0,
    confirmed_generation: 0,
    next_attempt_at: null,
    attempts: 0,
    last_error: null,
    former_route_saved: false,
  },
  inbound_url: 'wss://patchbay.example.com/inbound/san/KEY/+918062810341',
  proven_at: '2026-11-24T08:00:00.000Z',
  recent_drifts: [],
  recent_requests: [{ at: '2026-11-24T08:00:00.000Z', verdict: 'routed' }],
};
