import type { AgentConnect, AgentFallback, AgentStatus } from '../../agents/agent';

/** The agent that a number is attached to, as far as a call to it needs to know. */
export interface CalledAgent {
  readonly agentId: string;
  readonly status: AgentStatus;
  readonly connect: AgentConnect | null;
  readonly fallback: AgentFallback | null;
  /** BCP 47. */
  readonly language: string | null;
  /** Asked what is to become of the call; `null` = nobody is. */
  readonly inboundWebhookUrl: string | null;
}

/** A number that is called. */
export interface CalledNumber {
  readonly e164: string;
  /** Unix milliseconds; for numbers that are bound by hand. */
  readonly provenAt: number | null;
  /** `null` = no limit. */
  readonly maxConcurrentCalls: number | null;
  /** `null` where it is attached to none. */
  readonly agent: CalledAgent | null;
}
