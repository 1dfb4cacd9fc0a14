import type { AboutCall } from '../../providers/contract/webhook';
import type { InboundVerdict } from '../../phone-numbers/number-proof.service';
import type { Call } from '../call';
import type { CallNews } from '../call-state';

/** A call has begun. One that is known already stays as it is. */
export interface CallStarted {
  readonly kind: 'started';
  readonly call: Call;
  /** Counts among the number's calls under way until it ends. */
  readonly holdsSlot: boolean;
  /** What the request for it came to, for the route page; `null` where there was none. */
  readonly verdict: InboundVerdict | null;
}

/** The vendor tells how a call goes. */
export interface CallHeardOf {
  readonly kind: 'heard_of';
  /** The call, where the request said so in our own words; else it is found by the vendor's. */
  readonly callId: string | null;
  readonly accountId: string;
  readonly provider: Call['provider'];
  readonly providerAccountId: string;
  readonly about: AboutCall;
  readonly news: CallNews;
}

export type CallChange = CallStarted | CallHeardOf;

/** A call as its row holds it. */
export interface CallRecord {
  readonly call: Call;
  readonly holdsSlot: boolean;
}
