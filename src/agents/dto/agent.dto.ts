import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { toIso } from '../../common/clock';
import type { AgentNumbers } from '../../phone-numbers/agent-numbers.repository';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../outbox/webhook-event';
import { PURPOSES, type Purpose } from '../../phone-numbers/phone-number';
import {
  AGENT_STATUSES,
  type Agent,
  type AgentConnect,
  type AgentFallback,
  type AgentStatus,
  type JsonObject,
} from '../agent';
import { ConnectDto } from './connect.dto';
import { FallbackDto } from './fallback.dto';

const TEXT = { type: 'string', nullable: true } as const;
const TIME = { type: 'string', format: 'date-time', example: '2026-11-24T08:00:00.000Z' } as const;

function settings(description: string): ApiPropertyOptions {
  return { type: 'object', additionalProperties: true, nullable: true, description: `${description}, as given` };
}

/** A voice agent. */
export class AgentDto {
  @ApiProperty({ type: 'string', description: 'Names the agent', example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn' })
  agent_id!: string;

  @ApiProperty({ type: 'string', description: 'A name for people', example: 'Support' })
  agent_name!: string;

  @ApiProperty({ ...TEXT, description: 'What the agent is for' })
  description!: string | null;

  @ApiProperty({ type: 'string', enum: AGENT_STATUSES, description: 'Whether it takes calls', example: 'active' })
  status!: AgentStatus;

  @ApiProperty({
    ...TEXT,
    enum: PURPOSES,
    description: 'Keeps numbers of the opposite purpose from it; `null` goes with both',
  })
  purpose!: Purpose | null;

  @ApiProperty({ ...TEXT, description: 'What the agent is told to do' })
  prompt!: string | null;

  @ApiProperty({ ...TEXT, description: 'What it says first', example: 'Hello, how can I help you?' })
  greeting!: string | null;

  @ApiProperty({ ...TEXT, description: 'Its time zone, an IANA name', example: 'Asia/Kolkata' })
  timezone!: string | null;

  @ApiProperty({ ...TEXT, description: 'Its language, a BCP 47 tag', example: 'en-IN' })
  language!: string | null;

  @ApiProperty({
    type: ConnectDto,
    nullable: true,
    description: "Where its calls go; `null` = the deployment's default media URL",
  })
  connect!: AgentConnect | null;

  @ApiProperty({
    type: FallbackDto,
    nullable: true,
    description: 'Where calls go while it is inactive or over its limit',
  })
  fallback!: AgentFallback | null;

  @ApiProperty({ ...TEXT, format: 'uri', description: 'Where its events are sent' })
  webhook_url!: string | null;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', enum: [...WEBHOOK_EVENTS] },
    nullable: true,
    description: 'The events that are sent; `null` = all of them',
  })
  webhook_events!: readonly WebhookEvent[] | null;

  @ApiProperty({
    ...TEXT,
    format: 'uri',
    description: 'Asked what is to become of each call before it is answered; `null` = nobody is asked',
  })
  inbound_webhook_url!: string | null;

  @ApiProperty(settings('Settings of its voice'))
  voice!: JsonObject | null;

  @ApiProperty(settings('Settings of speech recognition'))
  speech_to_text!: JsonObject | null;

  @ApiProperty(settings('Settings of the language model'))
  llm!: JsonObject | null;

  @ApiProperty(settings('Any other settings'))
  configurations!: JsonObject | null;

  @ApiProperty({
    type: 'array',
    items: { type: 'string' },
    description: 'The numbers attached to it, the first 100 in E.164 order',
    example: ['+918062810341'],
  })
  phone_numbers!: readonly string[];

  @ApiProperty({ type: 'integer', description: 'How many numbers are attached to it', example: 1 })
  phone_number_count!: number;

  @ApiProperty({ ...TIME, description: 'When it was made' })
  created_at!: string;

  @ApiProperty({ ...TIME, description: 'When it last changed' })
  updated_at!: string;

  /** @param attached left out for an agent without numbers */
  static from(agent: Agent, attached?: AgentNumbers): AgentDto {
    return Object.assign(new AgentDto(), {
      agent_id: agent.agentId,
      agent_name: agent.agentName,
      description: agent.description,
      status: agent.status,
      purpose: agent.purpose,
      prompt: agent.prompt,
      greeting: agent.greeting,
      timezone: agent.timezone,
      language: agent.language,
      connect: agent.connect,
      fallback: agent.fallback,
      webhook_url: agent.webhookUrl,
      webhook_events: agent.webhookEvents,
      inbound_webhook_url: agent.inboundWebhookUrl,
      voice: agent.voice,
      speech_to_text: agent.speechToText,
      llm: agent.llm,
      configurations: agent.configurations,
      phone_numbers: attached?.numbers ?? [],
      phone_number_count: attached?.count ?? 0,
      created_at: toIso(agent.createdAt),
      updated_at: toIso(agent.updatedAt),
    });
  }
}
