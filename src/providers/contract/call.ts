import type { StreamAnswer } from './answer';
import type { RouteTarget } from './route';

/** A call to place. Numbers are E.164, URLs absolute. */
export interface OutboundCall {
  /** A number of the account. */
  readonly from: string;
  readonly to: string;
  /** Asked for the answer document once the callee has picked up. */
  readonly answerUrl: string;
  /** Told how the call goes. */
  readonly statusUrl: string;
  /** Where the account's calls go, for vendors that place calls through the application that its numbers share. */
  readonly target: RouteTarget;
  /** Where its audio goes, for vendors that are told so at once and ask no answer URL; `null` where the agent has no stream. */
  readonly stream: StreamAnswer | null;
  /** How long it may ring, in seconds. */
  readonly ringTimeoutS: number;
}

export interface PlacedCall {
  /** One of the identifiers by which the vendor's callbacks name the call. */
  readonly providerCallId: string;
}

/** A call under way. */
export interface LiveCall {
  readonly providerCallId: string;
  /** The number of the account that it is on, E.164. */
  readonly ownNumber: string;
  /** The far end, E.164 where it is a number. */
  readonly farEnd: string | null;
}

/** A call of which nothing has been heard for a while, or whose placing was never confirmed. */
export interface SoughtCall {
  /** `null` where the vendor's answer to placing it was lost: then it is looked for by its numbers and its time. */
  readonly providerCallId: string | null;
  readonly direction: 'inbound' | 'outbound';
  /** The number of the account that it is on, E.164. */
  readonly ownNumber: string;
  /** The far end, E.164 where it is a number. */
  readonly farEnd: string | null;
  /** When it came in or was placed by our clock, Unix milliseconds. */
  readonly startedAt: number;
  /** What the vendor calls other calls of the same number, which this one is not. */
  readonly others: readonly string[];
}

/**
 * Where a call is, as its vendor tells:
 * - `found`: how far it is, by the vendor's clock
 * - `absent`: the vendor has no such call
 * - `untold`: the vendor has no API that tells
 */
export type CallReport =
  | {
      readonly kind: 'found';
      readonly providerCallId: string;
      readonly status: CallStatus;
      /** Unix milliseconds; `null` where it does not say. */
      readonly answeredAt: number | null;
      readonly endedAt: number | null;
      /** Of the conversation, in whole seconds. */
      readonly durationS: number | null;
      /** The vendor's own word for why it ended. */
      readonly endReason: string | null;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'untold' };

/** How far a call is, one word for every vendor. The last five are ends. */
export const CALL_STATUSES = [
  'initiated',
  'ringing',
  'in_progress',
  'completed',
  'busy',
  'no_answer',
  'failed',
  'canceled',
] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];
