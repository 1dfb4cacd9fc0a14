import type { OutboundCall } from '../../contract/call';
import { digitsOf } from '../../support/phone-format';

/** `ringing_timer`, in seconds. */
const RING = { shortest: 1, longest: 120 };

/** What to post to place a call. Source: https://developer.vonage.com/en/api/voice#createCall */
export function callBody(call: OutboundCall): Record<string, unknown> {
  const ringS = Math.min(Math.max(Math.round(call.ringTimeoutS), RING.shortest), RING.longest);
  return {
    to: [{ type: 'phone', number: digitsOf(call.to) }],
    from: { type: 'phone', number: digitsOf(call.from) },
    answer_url: [call.answerUrl],
    answer_method: 'POST',
    event_url: [call.statusUrl],
    event_method: 'POST',
    ringing_timer: ringS,
  };
}
