import { toIso, toIsoOrNull } from '../common/clock';
import type { ProviderName } from '../common/provider-name';
import type { CallStatus } from '../providers/contract/call';
import type { Call, CallDirection, CallMetadata } from './call';

/** A call as clients and agents' webhooks see it. */
export interface CallView {
  readonly call_id: string;
  readonly direction: CallDirection;
  readonly call_status: CallStatus;
  readonly agent_id: string | null;
  /** The far end. */
  readonly phone_number: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly provider: ProviderName;
  readonly provider_call_id: string | null;
  readonly started_at: string;
  readonly answered_at: string | null;
  readonly ended_at: string | null;
  readonly duration_s: number | null;
  readonly end_reason: string | null;
  readonly metadata: CallMetadata | null;
}

export function callView(call: Call): CallView {
  const { direction, e164, farEnd } = call;
  return {
    call_id: call.callId,
    direction,
    call_status: call.status,
    agent_id: call.agentId,
    phone_number: farEnd,
    from: direction === 'inbound' ? farEnd : e164,
    to: direction === 'inbound' ? e164 : farEnd,
    provider: call.provider,
    provider_call_id: call.providerCallId,
    started_at: toIso(call.startedAt),
    answered_at: toIsoOrNull(call.answeredAt),
    ended_at: toIsoOrNull(call.endedAt),
    duration_s: call.durationS,
    end_reason: call.endReason,
    metadata: call.metadata,
  };
}
