import type { OutboundCall, PlacedCall } from '../../contract/call';
import type { VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { isRecord, textOrNull } from '../../support/json';

/** `answered` is told as the status `in-progress`; only `completed` is told where no events are named. */
const EVENTS = ['initiated', 'ringing', 'answered', 'completed'] as const;
const MAX_RING_S = 600;

/**
 * What to post to `Calls.json`. Twilio wants one `StatusCallbackEvent` for every event: a list in one value is taken
 * without complaint and no callback ever comes.
 * Source: https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource
 */
export function callForm(call: OutboundCall): Record<string, string | readonly string[]> {
  return {
    To: call.to,
    From: call.from,
    Url: call.answerUrl,
    Method: 'POST',
    StatusCallback: call.statusUrl,
    StatusCallbackMethod: 'POST',
    StatusCallbackEvent: EVENTS,
    Timeout: String(Math.min(Math.max(Math.round(call.ringTimeoutS), 1), MAX_RING_S)),
  };
}

/** The call in Twilio's answer. One without a sid leaves open whether there is a call. */
export function placedCall({ json }: VendorResponse): PlacedCall {
  const sid = isRecord(json) ? textOrNull(json, 'sid') : null;
  if (sid !== null) return { providerCallId: sid };
  throw new ProviderError('transient', 'Twilio took the call and gave an answer that is not understood', {
    isOutcomeUnknown: true,
  });
}
