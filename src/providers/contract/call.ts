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
