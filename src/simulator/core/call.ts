/** How far a simulated call is; each vendor has its own words for them on the wire. */
export const SIM_CALL_STATUSES = [
  'queued',
  'ringing',
  'in_progress',
  'completed',
  'busy',
  'no_answer',
  'failed',
  'canceled',
] as const;
export type SimCallStatus = (typeof SIM_CALL_STATUSES)[number];

/** How a call can end. */
export const SIM_CALL_ENDS = ['completed', 'busy', 'no_answer', 'failed', 'canceled'] as const;
export type SimCallEnd = (typeof SIM_CALL_ENDS)[number];

/** A request that the vendor makes during a call. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent with GET. */
  readonly body?: string;
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** What the vendor makes of the answer document, in one shape for every vendor. */
export type Understood =
  | { readonly action: 'stream'; readonly url: string; readonly parameters: Readonly<Record<string, string>> }
  | { readonly action: 'sip'; readonly uri: string; readonly caller_id: string | null }
  | { readonly action: 'dial'; readonly to: string; readonly caller_id: string | null }
  | { readonly action: 'say'; readonly text: string; readonly language: string | null }
  | { readonly action: 'reject'; readonly reason: string }
  | { readonly action: 'hangup' }
  /** What the vendor would take for an application error. */
  | { readonly action: 'invalid'; readonly error: string };

/** One request of the vendor's and its answer. Members are written to JSON, hence their spelling. */
export interface Exchange {
  readonly purpose: 'document' | 'status';
  /** The status that was told; absent with a document. */
  readonly call_status?: SimCallStatus;
  readonly method: string;
  readonly url: string;
  /** `null` when there was no answer. */
  readonly http_status: number | null;
  readonly error?: string;
}

/** A call as the vendor knows it. */
export interface SimCall {
  /** The vendor's own identifier. */
  readonly id: string;
  readonly account: string;
  readonly direction: 'inbound' | 'outbound';
  /** E.164 where it is a number. */
  readonly from: string;
  readonly to: string;
  status: SimCallStatus;
  /** Unix milliseconds, as all times here. */
  readonly started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  /** What only the vendor's own code reads: URLs given with the call, further identifiers. */
  readonly details: Readonly<Record<string, string>>;
  /** `null` until a document was answered. */
  understood: Understood | null;
  readonly exchanges: Exchange[];
}

/** What a vendor does in the course of a call; the rest is the same for all and lives in `CallBook`. */
export interface CallProtocol {
  /**
   * A call comes in from outside to one of the vendor's numbers (E.164).
   * @throws BadInput when no account holds the number
   */
  open(from: string, to: string): Pick<SimCall, 'id' | 'account' | 'details'>;
  /** What the call is to do, where the vendor was told so beforehand and need ask nobody. */
  toldBefore?(call: SimCall): Understood | null;
  /** Asks what to do with the call, signed as the vendor signs; `null` where the number or the call leads nowhere. */
  documentRequest(call: SimCall): OutgoingRequest | null;
  understand(answer: ReceivedAnswer, call: SimCall): Understood;
  /** Asks again elsewhere after the first request got no answer, or one that is invalid (`call.understood`). */
  fallbackRequest?(call: SimCall): OutgoingRequest | null;
  /** Tells of a status that the call has just reached; `null` where the vendor tells nobody of this one. */
  statusRequest(call: SimCall, status: SimCallStatus): OutgoingRequest | null;
}
