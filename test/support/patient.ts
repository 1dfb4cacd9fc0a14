import type { ConfigOverrides } from './test-config';

/** Requests wait for the provider as long as a busy machine may take, so that what they answer is settled. */
export const PATIENT: ConfigOverrides = { routing: { inlineMs: 10_000 } };
