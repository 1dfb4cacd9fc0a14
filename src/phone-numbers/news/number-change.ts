import { toIsoOrNull } from '../../common/clock';
import type { ProviderName } from '../../common/provider-name';
import type { NewMessage } from '../../outbox/outbox-message';
import type { NumberStatus } from '../phone-number';

/** A number as its agent is told of it. Times in Unix milliseconds. */
export interface ToldNumber {
  readonly e164: string;
  readonly provider: ProviderName;
  /** The agent that has it; after a detach, the one that had it. */
  readonly agentId: string;
  readonly status: NumberStatus;
  readonly reason: string | null;
  readonly attachedAt: number | null;
}

/** What has become of a number, which is as it stands afterwards. */
export type NumberChange =
  | { readonly type: 'number.attached' | 'number.detached'; readonly number: ToldNumber }
  | { readonly type: 'number.status_changed'; readonly number: ToldNumber; readonly previousStatus: NumberStatus };

/** Of events of one number none has a rank of its own: they follow in the order of their making. */
const PLACE = 0;

/** For the agent that a number was taken from. */
export function detachedFrom(agentId: string, { e164, provider }: Pick<ToldNumber, 'e164' | 'provider'>): NumberChange {
  return {
    type: 'number.detached',
    number: { e164, provider, agentId, status: 'inactive', reason: null, attachedAt: null },
  };
}

/** Nothing where only the reason is another one. */
export function statusChanges(previousStatus: NumberStatus, number: ToldNumber): NumberChange[] {
  return number.status === previousStatus ? [] : [{ type: 'number.status_changed', number, previousStatus }];
}

/** @param at when it happened, Unix milliseconds */
export function messageOf(accountId: string, change: NumberChange, at: number): NewMessage {
  const { e164, provider, agentId, status, reason, attachedAt } = change.number;
  const data = {
    phone_number: e164,
    provider,
    agent_id: agentId,
    status,
    reason,
    attached_at: toIsoOrNull(attachedAt),
    ...(change.type === 'number.status_changed' && { previous_status: change.previousStatus }),
  };
  return { accountId, agentId, type: change.type, orderKey: e164, place: PLACE, data, at };
}
