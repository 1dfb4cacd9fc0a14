import type { Agent, AgentChanges, AgentFallback } from './agent';
import type { FallbackMembers } from './agent-rules';
import type { UpdateAgentDto } from './dto/update-agent.dto';

/** What a request names, under the names that agents are stored by; what it leaves out is left out here too. */
export function changesOf(dto: Partial<UpdateAgentDto>): AgentChanges {
  const named: { [Member in keyof AgentChanges]: AgentChanges[Member] | undefined } = {
    agentName: dto.agent_name,
    description: dto.description,
    status: dto.status,
    purpose: dto.purpose,
    prompt: dto.prompt,
    greeting: dto.greeting,
    timezone: dto.timezone,
    language: dto.language,
    connect: dto.connect && { type: dto.connect.type, url: dto.connect.url },
    fallback: dto.fallback && fallbackOf(dto.fallback),
    webhookUrl: dto.webhook_url,
    webhookEvents: dto.webhook_events,
    inboundWebhookUrl: dto.inbound_webhook_url,
    voice: dto.voice,
    speechToText: dto.speech_to_text,
    llm: dto.llm,
    configurations: dto.configurations,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/** The members that go with its type, which the rules have proved to be there. */
function fallbackOf({ type, to = '', text = '' }: FallbackMembers): AgentFallback {
  return type === 'message' ? { type, text } : { type, to };
}

/** An agent with nothing but what is required. */
export function blankAgent(agentId: string, agentName: string, now: number): Agent {
  return {
    agentId,
    agentName,
    description: null,
    status: 'active',
    purpose: null,
    prompt: null,
    greeting: null,
    timezone: null,
    language: null,
    connect: null,
    fallback: null,
    webhookUrl: null,
    webhookEvents: null,
    inboundWebhookUrl: null,
    voice: null,
    speechToText: null,
    llm: null,
    configurations: null,
    createdAt: now,
    updatedAt: now,
  };
}
