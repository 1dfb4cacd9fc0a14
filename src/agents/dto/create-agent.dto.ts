import {
  EnumField,
  JsonObjectField,
  LanguageField,
  NestedField,
  StringListField,
  TextField,
  TimezoneField,
  UrlField,
} from '../../http/validation/fields';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../outbox/webhook-event';
import { PURPOSES, type Purpose } from '../../phone-numbers/phone-number';
import { AGENT_STATUSES, type AgentConnect, type AgentStatus, type JsonObject } from '../agent';
import type { FallbackMembers } from '../agent-rules';
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_GREETING_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PROMPT_LENGTH,
  MAX_URL_LENGTH,
} from '../limits';
import { ConnectDto } from './connect.dto';
import { FallbackDto } from './fallback.dto';

const MAY_BE_NULL = { optional: true, nullable: true } as const;
const SETTINGS = 'kept as given; the four objects of settings may hold 64 KiB of JSON together';

/** A voice agent to be made. */
export class CreateAgentDto {
  @TextField({
    description: 'A name for people',
    example: 'Support',
    max: MAX_NAME_LENGTH,
    required: 'AGENT_NAME_REQUIRED',
  })
  agent_name!: string;

  @TextField({ description: 'What the agent is for', max: MAX_DESCRIPTION_LENGTH, ...MAY_BE_NULL })
  description?: string | null;

  @EnumField(AGENT_STATUSES, {
    description: 'Whether it takes calls; `active` when not given',
    example: 'active',
    optional: true,
  })
  status?: AgentStatus;

  @EnumField(PURPOSES, {
    description: 'Keeps numbers of the opposite purpose from it; `null` goes with both',
    example: 'PRODUCTION',
    ...MAY_BE_NULL,
  })
  purpose?: Purpose | null;

  @TextField({
    description: 'What the agent is told to do',
    example: 'You answer questions about orders.',
    max: MAX_PROMPT_LENGTH,
    ...MAY_BE_NULL,
  })
  prompt?: string | null;

  @TextField({
    description: 'What it says first',
    example: 'Hello, how can I help you?',
    max: MAX_GREETING_LENGTH,
    ...MAY_BE_NULL,
  })
  greeting?: string | null;

  @TimezoneField({ description: 'Its time zone, an IANA name', example: 'Asia/Kolkata', ...MAY_BE_NULL })
  timezone?: string | null;

  @LanguageField({ description: 'Its language, a BCP 47 tag', example: 'en-IN', ...MAY_BE_NULL })
  language?: string | null;

  @NestedField(() => ConnectDto, {
    description: "Where its calls go; `null` = the deployment's default media URL",
    ...MAY_BE_NULL,
  })
  connect?: AgentConnect | null;

  @NestedField(() => FallbackDto, {
    description: 'Where calls go while it is inactive or over its limit',
    ...MAY_BE_NULL,
  })
  fallback?: FallbackMembers | null;

  @UrlField({
    description: 'Where its events are sent, an `https://` URL',
    example: 'https://example.com/patchbay-events',
    protocols: ['https', 'http'],
    max: MAX_URL_LENGTH,
    ...MAY_BE_NULL,
  })
  webhook_url?: string | null;

  @StringListField({
    description: 'The events that are sent; `null` = all of them',
    example: ['call.answered', 'call.ended'],
    values: WEBHOOK_EVENTS,
    max: WEBHOOK_EVENTS.length,
    ...MAY_BE_NULL,
  })
  webhook_events?: WebhookEvent[] | null;

  @UrlField({
    description:
      'Asked before each call to the agent is answered: it may send the call to another agent, hand variables to the ' +
      'stream, or reject. An `https://` URL; `null` = nobody is asked',
    example: 'https://example.com/patchbay-inbound',
    protocols: ['https', 'http'],
    max: MAX_URL_LENGTH,
    ...MAY_BE_NULL,
  })
  inbound_webhook_url?: string | null;

  @JsonObjectField({ description: `Settings of its voice, ${SETTINGS}`, example: { name: 'aria' }, ...MAY_BE_NULL })
  voice?: JsonObject | null;

  @JsonObjectField({ description: `Settings of speech recognition, ${SETTINGS}`, ...MAY_BE_NULL })
  speech_to_text?: JsonObject | null;

  @JsonObjectField({ description: `Settings of the language model, ${SETTINGS}`, ...MAY_BE_NULL })
  llm?: JsonObject | null;

  @JsonObjectField({ description: `Any other settings, ${SETTINGS}`, ...MAY_BE_NULL })
  configurations?: JsonObject | null;
}
