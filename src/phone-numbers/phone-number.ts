/**
 * - `pending`: attached, the provider has not yet confirmed that its calls reach us
 * - `active`: attached and confirmed
 * - `inactive`: not attached, or refused by the provider for good
 */
export const NUMBER_STATUSES = ['pending', 'active', 'inactive'] as const;
export type NumberStatus = (typeof NUMBER_STATUSES)[number];

/** Why an attached number of a manual provider is `pending`. */
export const AWAITING_FIRST_CALL = 'awaiting_first_call';

/** What a number or an agent is for; `null` goes with both. */
export const PURPOSES = ['TEST', 'PRODUCTION'] as const;
export type Purpose = (typeof PURPOSES)[number];
