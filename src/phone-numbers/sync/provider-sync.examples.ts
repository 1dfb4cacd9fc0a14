/** A sync as the OpenAPI document shows it. */
export const COMPLETED_SYNC_EXAMPLE = {
  provider: 'twilio',
  status: 'completed',
  added: 12,
  updated: 1,
  gone: 2,
  unchanged: 140,
  skipped: 0,
  started_at: '2026-11-24T08:00:00.000Z',
  completed_at: '2026-11-24T08:00:02.500Z',
};

export const RUNNING_SYNC_EXAMPLE = {
  ...COMPLETED_SYNC_EXAMPLE,
  status: 'running',
  added: 8500,
  gone: 0,
  completed_at: null,
};

export const SYNC_STATE_EXAMPLE = { ...COMPLETED_SYNC_EXAMPLE, last_error: null, next_attempt_at: null };
