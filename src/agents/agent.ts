import type { WebhookEvent } from '../outbox/webhook-event';
import type { Purpose } from '../phone-numbers/phone-number';

export const AGENT_STATUSES = ['active', 'inactive'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

export const CONNECT_TYPES = ['websocket', 'sip'] as const;
/** Where an agent's calls are streamed or sent. */
export interface AgentConnect {
  readonly type: (typeof CONNECT_TYPES)[number];
  readonly url: string;
}

export const FALLBACK_TYPES = ['phone_number', 'sip', 'message'] as const;
/** What happens to a call that the agent cannot take. */
export type AgentFallback =
  { readonly type: 'phone_number' | 'sip'; readonly to: string } | { readonly type: 'message'; readonly text: string };

export type JsonObject = Readonly<Record<string, unknown>>;

/** A voice agent. Times in Unix milliseconds. */
export interface Agent {
  readonly agentId: string;
  readonly agentName: string;
  readonly description: string | null;
  readonly status: AgentStatus;
  readonly purpose: Purpose | null;
  readonly prompt: string | null;
  readonly greeting: string | null;
  /** IANA name. */
  readonly timezone: string | null;
  /** BCP 47 tag. */
  readonly language: string | null;
  /** `null` = the deployment's default media URL. */
  readonly connect: AgentConnect | null;
  readonly fallback: AgentFallback | null;
  readonly webhookUrl: string | null;
  /** `null` = all of them. */
  readonly webhookEvents: WebhookEvent[] | null;
  /** Asked what is to become of each call before it is answered; `null` = nobody is asked. */
  readonly inboundWebhookUrl: string | null;
  readonly voice: JsonObject | null;
  readonly speechToText: JsonObject | null;
  readonly llm: JsonObject | null;
  readonly configurations: JsonObject | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What is `undefined` stays. */
export type AgentChanges = Partial<Omit<Agent, 'agentId' | 'createdAt' | 'updatedAt'>>;
