import type { CallReport } from '../../providers/contract/call';
import { ProviderError } from '../../providers/contract/provider-error';
import type { Call } from '../call';
import { type CallNews, isUnderWay } from '../call-state';
import type { CallCheck, CheckDecision, CheckOutcome, Finding } from './call-check';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long a call that was just placed may be missing in its vendor's list. */
const LIST_LAG_MS = 2 * MINUTE_MS;
/** Between two looks into that list; at random, so that calls that were placed together are not sought together. */
const LIST_LOOK_MS = { least: 15_000, most: 30_000 };
/** The longest call. One that is older has ended, if its vendor does not say otherwise. */
const LONGEST_CALL_MS = 4 * HOUR_MS;
/** After so long no vendor is asked any more, and none is believed that a call goes on. */
const GIVE_UP_MS = 24 * HOUR_MS;
/**
 * A vendor that cannot be asked now is asked again once the call is this much older than it is: the waits grow with each other
 * without anybody counting them.
 */
const RETRY_SHARE = 1 / 8;
const RETRY_MS = { least: 15_000, most: 5 * MINUTE_MS };

export interface DecisionContext {
  /** Unix milliseconds. */
  readonly now: number;
  /** How long after a sign of life the call was to be looked after, in milliseconds. */
  readonly patienceMs: number;
  /** In [0, 1). */
  readonly random: number;
}

type End = Extract<CheckOutcome, 'not_placed' | 'connection_lost' | 'end_unknown'>;

/** What is to be made of a call, by what was found out about it. */
export function decide(check: CallCheck, finding: Finding, context: DecisionContext): CheckDecision {
  switch (finding.kind) {
    case 'reported':
      return reported(check, finding.report, context);
    case 'lost':
      return ended(check.call, 'connection_lost', atLeastAnswered(check.call, lastSign(check, context)));
    case 'unconfigured':
      return endUnknown(check, context);
    case 'failed':
      return failed(check, finding.error, context);
  }
}

function reported(check: CallCheck, report: CallReport, context: DecisionContext): CheckDecision {
  switch (report.kind) {
    case 'found': {
      const goesOn = isUnderWay(report.status);
      if (goesOn && ageOf(check, context) >= GIVE_UP_MS) return ended(check.call, 'end_unknown', context.now);
      const outcome = goesOn ? 'under_way' : 'ended';
      return { kind: 'news', outcome, providerCallId: report.providerCallId, news: newsOf(report) };
    }
    case 'absent':
      return check.call.direction === 'outbound' && check.call.providerCallId === null
        ? notListed(check, context)
        : endUnknown(check, context);
    case 'untold':
      return later(check, 'untold', { ...context, waitMs: HOUR_MS, untilAge: LONGEST_CALL_MS });
  }
}

/** The vendor may just not list it yet. */
function notListed(check: CallCheck, context: DecisionContext): CheckDecision {
  if (ageOf(check, context) >= LIST_LAG_MS) return ended(check.call, 'not_placed', context.now);
  const waitMs = LIST_LOOK_MS.least + context.random * (LIST_LOOK_MS.most - LIST_LOOK_MS.least);
  return { kind: 'later', outcome: 'not_listed', at: context.now + Math.round(waitMs) };
}

function failed(check: CallCheck, error: unknown, context: DecisionContext): CheckDecision {
  if (error instanceof ProviderError && !error.isRetryable) {
    return later(check, 'refused', { ...context, waitMs: HOUR_MS, untilAge: GIVE_UP_MS });
  }
  const share = ageOf(check, context) * RETRY_SHARE * (1 + context.random);
  const waitMs = Math.min(Math.max(share, RETRY_MS.least), RETRY_MS.most);
  const asked = error instanceof ProviderError ? (error.retryAfterMs ?? 0) : 0;
  return later(check, 'unreachable', { ...context, waitMs: Math.max(waitMs, asked), untilAge: GIVE_UP_MS });
}

interface Waiting extends DecisionContext {
  readonly waitMs: number;
  /** The age of a call that nobody waits for any longer, in milliseconds. */
  readonly untilAge: number;
}

function later(check: CallCheck, outcome: CheckOutcome, { waitMs, untilAge, ...context }: Waiting): CheckDecision {
  if (ageOf(check, context) >= untilAge) return endUnknown(check, context);
  const at = Math.min(context.now + Math.round(waitMs), check.call.startedAt + untilAge);
  return { kind: 'later', outcome, at };
}

/** It has ended, and nobody can tell when: the time of the end is the last at which it is known to have been under way. */
function endUnknown(check: CallCheck, context: DecisionContext): CheckDecision {
  const seenAt = check.isFirstLook ? lastSign(check, context) : check.call.startedAt;
  return ended(check.call, 'end_unknown', atLeastAnswered(check.call, seenAt));
}

function ended(call: Call, outcome: End, endedAt: number): CheckDecision {
  const status = call.answeredAt === null ? 'failed' : 'completed';
  const news = { status, occurredAt: null, answeredAt: null, endedAt, durationS: null, endReason: outcome } as const;
  return { kind: 'news', outcome, providerCallId: null, news };
}

function newsOf(report: Extract<CallReport, { kind: 'found' }>): CallNews {
  const { status, answeredAt, durationS, endReason } = report;
  const isWhole = !isUnderWay(status) && answeredAt !== null && durationS !== null;
  const endedAt = report.endedAt ?? (isWhole ? answeredAt + 1000 * durationS : null);
  return { status, occurredAt: null, answeredAt, endedAt, durationS, endReason };
}

function lastSign({ dueAt }: CallCheck, { now, patienceMs }: DecisionContext): number {
  return Math.min(dueAt - patienceMs, now);
}

function atLeastAnswered({ startedAt, answeredAt }: Call, time: number): number {
  return Math.max(time, startedAt, answeredAt ?? startedAt);
}

function ageOf({ call }: CallCheck, { now }: DecisionContext): number {
  return now - call.startedAt;
}
