import { isInterested, type WebhookInterest } from '../../outbox/webhook-event';
import type { NewMessage } from '../../outbox/outbox-message';
import type { CallEvent } from '../call-state';
import { callView } from '../call-view';
import type { LedgerEvent } from './call-ledger';

const PLACES: Record<CallEvent, number> = {
  'call.initiated': 1,
  'call.ringing': 2,
  'call.answered': 3,
  'call.ended': 4,
};

/** What the agents of the calls are to be told of, by what each of them wants to know. */
export function messagesOf(
  events: readonly LedgerEvent[],
  interests: ReadonlyMap<string, WebhookInterest>,
  now: number,
): NewMessage[] {
  return events.flatMap(({ type, call }): NewMessage[] => {
    const { agentId, accountId, callId } = call;
    const interest = agentId === null ? undefined : interests.get(agentId);
    if (agentId === null || !interest || !isInterested(interest, type)) return [];
    return [{ accountId, agentId, type, orderKey: callId, place: PLACES[type], data: { ...callView(call) }, at: now }];
  });
}
