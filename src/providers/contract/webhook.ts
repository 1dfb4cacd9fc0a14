import type { CallStatus } from './call';
import type { ProviderCredentials } from './credentials';
import type { SharedValues } from './shared-resources';

/** A vendor's request to one of our inbound URLs, as it came in. */
export interface WebhookRequest {
  readonly method: string;
  /** What the vendor was told, from `PUBLIC_URL`, with the query exactly as received. */
  readonly url: string;
  /** By lower-case name; of repeated ones the values joined as Node joins them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawBody: Buffer;
}

export interface VerificationContext<C extends ProviderCredentials = ProviderCredentials> {
  readonly credentials: C;
  /** What `SharedResources` holds for the account; `null` while nothing was made. */
  readonly shared: SharedValues | null;
  /** Unix milliseconds. */
  readonly nowMs: number;
}

/**
 * - `authentic`: it is from the vendor. `replayId` names this very request where the vendor makes it unique (a nonce, a
 *   `jti`): the same one again within the tolerance is a replay, which is for the caller to remember
 * - `rejected`: it is not, or nobody can tell
 */
export type SignatureVerdict =
  | { readonly kind: 'authentic'; readonly replayId: string | null }
  | { readonly kind: 'rejected'; readonly why: 'unsigned' | 'bad_signature' | 'stale' };

/** What all of a vendor's requests about calls tell. */
export interface AboutCall {
  /** All names of the call in this request, the call leg's own first. */
  readonly providerCallIds: readonly [string, ...string[]];
  readonly direction: 'inbound' | 'outbound';
  /** E.164 where it is a number; else as given (a SIP URI, a short code); `null` where withheld or not told. */
  readonly from: string | null;
  readonly to: string | null;
}

/** The vendor asks what is to become of a call and waits for a document. */
export interface CallRequested extends AboutCall {
  readonly kind: 'call';
}

/** The vendor tells how a call goes; its answer is ignored. */
export interface CallProgressed extends AboutCall {
  readonly kind: 'status';
  readonly status: CallStatus;
  /** By the vendor's clock, Unix milliseconds; `null` where it does not say. */
  readonly occurredAt: number | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** Of the conversation, in whole seconds. */
  readonly durationS: number | null;
  /** The vendor's own word for why it ended. */
  readonly endReason: string | null;
}

export type InboundEvent =
  | CallRequested
  | CallProgressed
  /** A trial request of the vendor's portal, about no call. */
  | { readonly kind: 'ping' }
  /** Something else that the vendor tells, by its own word; nothing is to be done. */
  | { readonly kind: 'other'; readonly type: string };

export interface ParseContext {
  /** ISO 3166, for numbers in national form; `null` where the account has none. */
  readonly country: string | null;
}

export interface WebhookReader<C extends ProviderCredentials = ProviderCredentials> {
  verify(request: WebhookRequest, context: VerificationContext<C>): SignatureVerdict;
  /** `null` for a request that has not the vendor's form. */
  parse(request: WebhookRequest, context: ParseContext): InboundEvent | null;
}
