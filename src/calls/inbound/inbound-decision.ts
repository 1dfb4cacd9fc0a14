import type { InboundVerdict } from '../../phone-numbers/number-proof.service';
import type { Answer } from '../../providers/contract/answer';
import type { AgentConnect, AgentFallback } from '../../agents/agent';
import type { CalledAgent, CalledNumber } from './called-number';

/** A call that is to be answered. */
export interface AnsweredCall {
  /** Ours: `call_…`. */
  readonly callId: string;
  /** E.164 where it is a number; `null` where withheld. */
  readonly from: string | null;
  /** E.164 where it is a number. */
  readonly to: string | null;
  /** What the stream is to be told besides, by name. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface InboundDecision {
  readonly verdict: InboundVerdict;
  readonly answer: Answer;
}

const REJECTED: Answer = { kind: 'reject', reason: 'rejected' };
const BUSY: Answer = { kind: 'reject', reason: 'busy' };

/**
 * Where a call goes: to the agent of the number; to its fallback where it is inactive, or where nothing says where its calls
 * go; to nobody for a number without agent. Never to another number's agent.
 * @param mediaUrl where agents without `connect` are answered, with `{agent_id}` and `{call_id}` to fill in
 */
export function decide(number: CalledNumber | null, call: AnsweredCall, mediaUrl: string | null): InboundDecision {
  if (!number) return { verdict: 'unknown_number', answer: REJECTED };
  const { agent } = number;
  if (!agent) return { verdict: 'not_attached', answer: REJECTED };
  if (agent.status !== 'active') return fallback(agent, number, 'agent_inactive');
  const answer = connectTo(agent, call, mediaUrl);
  return answer ? { verdict: 'routed', answer } : fallback(agent, number, 'no_media');
}

/** What becomes of a call to a number that has as many calls as it may. */
export function decideOverLimit(agent: CalledAgent, number: CalledNumber): InboundDecision {
  return fallback(agent, number, 'over_limit');
}

/** Connects a call to an agent; `null` where nothing says where its calls go. */
export function connectTo(agent: CalledAgent, call: AnsweredCall, mediaUrl: string | null): Answer | null {
  const connect = agent.connect ?? defaultConnect(mediaUrl, agent, call);
  if (!connect) return null;
  if (connect.type === 'sip') return { kind: 'sip', uri: connect.url, callerId: null };
  const { callId, from, to, variables } = call;
  const ends = { ...(to ? { to } : {}), ...(from ? { from } : {}) };
  return {
    kind: 'stream',
    url: connect.url,
    parameters: { ...variables, call_id: callId, agent_id: agent.agentId, ...ends },
  };
}

function defaultConnect(mediaUrl: string | null, agent: CalledAgent, call: AnsweredCall): AgentConnect | null {
  if (mediaUrl === null) return null;
  const url = mediaUrl.replaceAll('{agent_id}', agent.agentId).replaceAll('{call_id}', call.callId);
  return { type: url.startsWith('sip') ? 'sip' : 'websocket', url };
}

function fallback(agent: CalledAgent, { e164 }: CalledNumber, verdict: InboundVerdict): InboundDecision {
  if (!agent.fallback) return { verdict, answer: BUSY };
  return { verdict: 'fallback', answer: fallbackAnswer(agent.fallback, agent, e164) };
}

/** A forwarded call shows the number that was called, which is the account's own. */
function fallbackAnswer(given: AgentFallback, { language }: CalledAgent, e164: string): Answer {
  switch (given.type) {
    case 'phone_number':
      return { kind: 'dial', to: given.to, callerId: e164 };
    case 'sip':
      return { kind: 'sip', uri: given.to, callerId: e164 };
    case 'message':
      return { kind: 'say', text: given.text, language };
  }
}
