import type { SoughtCall } from '../contract/call';
import { toE164 } from './phone-format';

/** How far the vendor's clock may be behind ours. */
const CLOCK_SKEW_MS = 60_000;
/** How long after it was asked for, by our clock, the vendor may have taken a call on: a later one is another. */
const TAKEN_ON_WITHIN_MS = 600_000;

/** A call in a vendor's list, as far as it tells whether this is the one that is sought. */
export interface ListedCall {
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
  /** When the vendor took it on, Unix milliseconds; `null` where it does not say. */
  readonly createdAt: number | null;
}

/** A call that we placed, and of which the vendor's answer was lost. */
export interface LostCall {
  readonly from: string;
  readonly to: string;
  /** The vendor took it on from then until then, Unix milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly others: readonly string[];
}

/** `null` for a call that cannot be looked for by its numbers and its time. */
export function lostCall({ direction, ownNumber, farEnd, startedAt, others }: SoughtCall): LostCall | null {
  if (direction !== 'outbound' || farEnd === null) return null;
  const span = { since: startedAt - CLOCK_SKEW_MS, until: startedAt + TAKEN_ON_WITHIN_MS };
  return { from: ownNumber, to: farEnd, ...span, others };
}

/** Whether the listed call may be the lost one. Vendors' filters may find parts of numbers, so numbers are compared. */
export function mayBeLost({ id, from, to, createdAt }: ListedCall, lost: LostCall): boolean {
  const isInTime = createdAt !== null && createdAt >= lost.since && createdAt <= lost.until;
  return isInTime && isNumber(from, lost.from) && isNumber(to, lost.to) && !lost.others.includes(id);
}

/**
 * Whichever of the two the vendor took on first. Of two in one second it is the other, since the vendors whose times are
 * seconds list the newest first.
 */
export function earlier<T extends ListedCall>(one: T | null, other: T): T {
  return one === null || (other.createdAt ?? Infinity) <= (one.createdAt ?? Infinity) ? other : one;
}

function isNumber(given: string | null, e164: string): boolean {
  return given !== null && (given === e164 || toE164(given, null) === e164);
}
