import type { OutboundCall } from '../../contract/call';
import { ProviderError } from '../../contract/provider-error';
import { indianTrunkForm } from '../../support/indian-number';
import { isRecord, textOrNull } from '../../support/json';
import type { ExotelCredentials } from './exotel.credentials';
import { flowUrl } from './exotel.number';
import { streamUrl } from './exotel.stream';

/** "Must be under 600 characters", so the longest is one less. */
const MAX_STREAM_URL = 599;
/**
 * Seconds, by Indian regulation.
 * Source: https://support.exotel.com/support/solutions/articles/48278-outbound-call-to-connect-a-customer-to-an-app
 */
const LONGEST_RING_S = 60;

export type ExotelCallForm = Readonly<Record<string, string | readonly string[]>>;

/**
 * What to post to `Calls/connect.json`: straight to the agent's stream or, where it has none that fits, through the flow.
 * `From` is the number to dial; the ExoPhone of `CallerId` is written as the dashboard does, in national form. `TimeOut` and
 * `CallType` are documented for flows alone, as are the events for streams.
 * Source: https://github.com/exotel/Agent-Stream/blob/main/docs/openapi/exotel-connect-voice-ai.yaml
 */
export function callForm(call: OutboundCall, { account_sid: sid, app_id: appId }: ExotelCredentials): ExotelCallForm {
  const common = {
    From: call.to,
    CallerId: indianTrunkForm(call.from) ?? call.from,
    StatusCallback: call.statusUrl,
  };
  const direct = call.stream && streamUrl(call.stream, MAX_STREAM_URL);
  if (direct !== null && direct.length <= MAX_STREAM_URL) {
    return {
      ...common,
      StreamUrl: direct,
      StreamType: 'bidirectional',
      'StatusCallbackEvents[]': ['answered', 'terminal'],
    };
  }
  if (!appId) {
    const why =
      direct === null ? 'an agent without a stream' : `a stream URL of more than ${MAX_STREAM_URL} characters`;
    throw new ProviderError('permanent', `Exotel calls for ${why} through a flow: the credential app_id is missing`);
  }
  const ring = Math.min(Math.max(1, Math.round(call.ringTimeoutS)), LONGEST_RING_S);
  return { ...common, Url: flowUrl(sid, appId), CallType: 'trans', TimeOut: String(ring) };
}

/** The identifier of the call in the answer, or `null` where it holds none. */
export function callSid(body: unknown): string | null {
  const call = isRecord(body) ? body.Call : undefined;
  return isRecord(call) ? textOrNull(call, 'Sid') : null;
}
