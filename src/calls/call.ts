import type { ProviderName } from '../common/provider-name';
import type { CallStatus } from '../providers/contract/call';

export const CALL_DIRECTIONS = ['inbound', 'outbound'] as const;
export type CallDirection = (typeof CALL_DIRECTIONS)[number];

/** What the client wants to find again with the call; kept as given. */
export type CallMetadata = Readonly<Record<string, unknown>>;

/** A call of one of the account's numbers. Times in Unix milliseconds. */
export interface Call {
  readonly callId: string;
  readonly accountId: string;
  readonly direction: CallDirection;
  readonly status: CallStatus;
  /** `null` where none takes part. */
  readonly agentId: string | null;
  /** The account's own number, E.164. */
  readonly e164: string;
  /** The other end: E.164 where it is a number, `null` where withheld. */
  readonly farEnd: string | null;
  readonly provider: ProviderName;
  readonly providerAccountId: string;
  readonly providerCallId: string | null;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** Of the conversation, in whole seconds; 0 where there was none, `null` before the end. */
  readonly durationS: number | null;
  /** A lower_snake word of ours, or the vendor's own. */
  readonly endReason: string | null;
  readonly metadata: CallMetadata | null;
}
