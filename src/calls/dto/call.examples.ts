import type { CallView } from '../call-view';

export const EXAMPLE_CALL_ID = 'call_01kawgyqr4e3v9m2t5x8b7c6dn';

export const CALL_EXAMPLE = {
  call_id: EXAMPLE_CALL_ID,
  direction: 'inbound',
  call_status: 'completed',
  agent_id: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn',
  phone_number: '+919560088735',
  from: '+919560088735',
  to: '+918062810341',
  provider: 'twilio',
  provider_call_id: 'CA3f1c9a0be2d84c6f9e7a5b4c3d2e1f00',
  started_at: '2026-11-24T08:00:00.000Z',
  answered_at: '2026-11-24T08:00:02.000Z',
  ended_at: '2026-11-24T08:00:44.000Z',
  duration_s: 42,
  end_reason: null,
  metadata: null,
} as const satisfies CallView;

export const CALL_PAGE_EXAMPLE = { items: [CALL_EXAMPLE], next_cursor: null } as const;

export const PLACED_CALL_EXAMPLE = {
  call_id: EXAMPLE_CALL_ID,
  call_status: 'initiated',
  agent_id: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn',
  phone_number: '+919560088735',
  from: '+918062810341',
  provider: 'twilio',
} as const;
