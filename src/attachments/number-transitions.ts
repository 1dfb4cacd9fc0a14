import { AWAITING_FIRST_CALL } from '../phone-numbers/phone-number';
import { detachedFrom, type NumberChange, statusChanges, type ToldNumber } from '../phone-numbers/news/number-change';
import type { NumberRow } from './number-state';

/** What attaching writes to a number's row; `null` where nothing changes. */
export interface Attachment {
  readonly status: NumberRow['status'];
  readonly reason: string | null;
  /** Unix milliseconds; `null` keeps the time that the number has. */
  readonly attachedAt: number | null;
  /** The provider has to be told: the wanted route changed, or it refused before and is asked again. */
  readonly raise: boolean;
}

/**
 * What attaching to `agentId` makes of a number. The route at the provider does not depend on the agent, so moving a
 * number between agents leaves it as it is; a number that the provider had refused is tried again.
 */
export function attached(row: NumberRow, agentId: string, now: number, isRouted: boolean): Attachment | null {
  const isSameAgent = row.agentId === agentId;
  if (isSameAgent && row.status !== 'inactive') return null;
  const attachedAt = isSameAgent && row.attachedAt !== null ? null : now;
  if (!isRouted) {
    return row.provenAt === null
      ? { status: 'pending', reason: AWAITING_FIRST_CALL, attachedAt, raise: false }
      : { status: 'active', reason: null, attachedAt, raise: false };
  }
  return row.status === 'inactive'
    ? { status: 'pending', reason: null, attachedAt, raise: true }
    : { status: row.status, reason: row.reason, attachedAt, raise: false };
}

/** What agents may want to know of a number that has been attached, the one that had it before first. */
export function attachmentChanges(before: NumberRow, number: ToldNumber): NumberChange[] {
  const { agentId: former } = before;
  if (former === number.agentId) return statusChanges(before.status, number);
  const attached: NumberChange = { type: 'number.attached', number };
  return former === null || before.isFollowed === false ? [attached] : [detachedFrom(former, before), attached];
}
