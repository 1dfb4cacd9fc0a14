import type { WebhookEvent } from '../outbox/webhook-event';
import type { CallStatus } from '../providers/contract/call';
import type { Call } from './call';

/** The part of a call that its vendor's news change. */
export type CallState = Pick<Call, 'status' | 'startedAt' | 'answeredAt' | 'endedAt' | 'durationS' | 'endReason'>;

/** What a vendor tells of how a call goes. Times in Unix milliseconds by the vendor's clock; `null` = it does not say. */
export interface CallNews {
  readonly status: CallStatus;
  /** When this came to be. */
  readonly occurredAt: number | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  /** Of the conversation, in whole seconds. */
  readonly durationS: number | null;
  readonly endReason: string | null;
}

export type CallEvent = Extract<WebhookEvent, `call.${string}`>;

export interface Advance {
  readonly state: CallState;
  /** What has come to pass, in its order; each at most once in the life of a call. */
  readonly events: readonly CallEvent[];
}

type Progress = Extract<CallStatus, 'initiated' | 'ringing' | 'in_progress'>;

const RANK = { initiated: 0, ringing: 1, in_progress: 2 } as const satisfies Record<Progress, number>;

/** A call that has not ended. */
export function isUnderWay(status: CallStatus): status is Progress {
  return status in RANK;
}

/**
 * What news make of a call, in whichever order they come, however often, and with some of them missing: a call only moves
 * forward, its first end is its end, and who is told of the end has been told of the answer before. Later news of the same
 * end add the reason and the vendor's own count of seconds, and change nothing else.
 * @param now when the news came in, Unix milliseconds, for vendors that give no times
 */
export function advance(state: CallState, news: CallNews, now: number): Advance {
  if (!isUnderWay(state.status)) return { state: completed(state, news), events: [] };
  if (!isUnderWay(news.status)) return ended(state, news, news.status, now);
  return progressed(state, news, news.status, now);
}

function progressed(state: CallState, news: CallNews, status: Progress, now: number): Advance {
  if (!isUnderWay(state.status) || RANK[status] <= RANK[state.status]) return { state, events: [] };
  if (status === 'ringing') return { state: { ...state, status }, events: ['call.ringing'] };
  const answeredAt = notBefore(state.startedAt, news.answeredAt ?? news.occurredAt ?? now);
  return { state: { ...state, status, answeredAt }, events: ['call.answered'] };
}

function ended(state: CallState, news: CallNews, status: CallStatus, now: number): Advance {
  const endedAt = notBefore(state.startedAt, news.endedAt ?? news.occurredAt ?? now);
  const wasAnswered = state.answeredAt !== null || status === 'completed' || (news.durationS ?? 0) > 0;
  const answeredAt = wasAnswered ? answerTime(state, news, endedAt) : null;
  const durationS = answeredAt === null ? 0 : conversation(news, answeredAt, endedAt);
  const events: CallEvent[] = state.answeredAt === null && wasAnswered ? ['call.answered'] : [];
  return {
    state: { ...state, status, answeredAt, endedAt, durationS, endReason: news.endReason },
    events: [...events, 'call.ended'],
  };
}

/** What the vendor counted; else by its clock alone where it tells both times, since ours may differ. */
function conversation(news: CallNews, answeredAt: number, endedAt: number): number {
  if (news.durationS !== null) return news.durationS;
  const [from, to] =
    news.answeredAt !== null && news.endedAt !== null ? [news.answeredAt, news.endedAt] : [answeredAt, endedAt];
  return Math.max(0, Math.round((to - from) / 1000));
}

function answerTime(state: CallState, news: CallNews, endedAt: number): number {
  const known = news.answeredAt ?? state.answeredAt;
  if (known !== null) return Math.min(notBefore(state.startedAt, known), endedAt);
  return notBefore(state.startedAt, endedAt - 1000 * (news.durationS ?? 0));
}

/** An end may come in two requests, of which one has the duration and the other the reason. */
function completed(state: CallState, news: CallNews): CallState {
  if (news.status !== state.status) return state;
  const durationS = state.answeredAt === null ? state.durationS : (news.durationS ?? state.durationS);
  return { ...state, durationS, endReason: state.endReason ?? news.endReason };
}

/** Clocks differ, and nothing of a call happens before it begins. */
function notBefore(startedAt: number, time: number): number {
  return Math.max(startedAt, time);
}
