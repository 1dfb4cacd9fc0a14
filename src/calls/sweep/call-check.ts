import type { CallReport } from '../../providers/contract/call';
import type { Call } from '../call';
import type { CallNews } from '../call-state';

/** A call of which nothing has been heard for a while, in the hands of one process. Times in Unix milliseconds. */
export interface CallCheck {
  readonly call: Call;
  readonly claim: string;
  readonly claimedUntil: number;
  /** When it was to be looked after. */
  readonly dueAt: number;
  /** Nobody has looked after it since the last news of it, so that `dueAt` tells when those were. */
  readonly isFirstLook: boolean;
}

/** What came of looking after a call. */
export type Finding =
  | { readonly kind: 'reported'; readonly report: CallReport }
  /** Its media went through a process that gives no sign of life any more. */
  | { readonly kind: 'lost' }
  /** The provider account that it is on has been deleted. */
  | { readonly kind: 'unconfigured' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** For the metrics: `overtaken` = there were other news of the call meanwhile. */
export type CheckOutcome =
  | 'under_way'
  | 'ended'
  | 'not_placed'
  | 'connection_lost'
  | 'end_unknown'
  | 'not_listed'
  | 'untold'
  | 'unreachable'
  | 'refused'
  | 'overtaken';

/** What is to be made of it. */
export type CheckDecision =
  | {
      readonly kind: 'news';
      readonly outcome: CheckOutcome;
      /** What the vendor calls it; `null` where it does not say. */
      readonly providerCallId: string | null;
      readonly news: CallNews;
    }
  /** Nothing is known yet. */
  | { readonly kind: 'later'; readonly outcome: CheckOutcome; readonly at: number };
