import { ApiProperty } from '@nestjs/swagger';
import { PROVIDER_NAMES, type ProviderName } from '../../common/provider-name';
import { NUMBER_STATUSES, type NumberStatus } from '../phone-number';

class RouteAgentDto {
  @ApiProperty({ type: 'string', description: 'The agent', example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn' })
  agent_id!: string;

  @ApiProperty({ type: 'string', description: 'Its name', example: 'Support' })
  agent_name!: string;

  @ApiProperty({ type: 'string', enum: ['active', 'inactive'], description: 'Whether it takes calls' })
  status!: string;
}

class ProviderRouteDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description:
      'The answer URL that the provider was last told; `null` when nothing of ours is set there. Its key is the ' +
      "secret of the account's inbound calls",
    example: 'https://patchbay.example.com/inbound/twilio/9bQ3…',
  })
  answer_url!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the provider last confirmed the route',
  })
  confirmed_at!: string | null;

  @ApiProperty({ type: 'integer', description: 'Raised whenever the wanted route changes', example: 3 })
  generation!: number;

  @ApiProperty({
    type: 'integer',
    description: 'The generation known to be settled at the provider; equal to `generation` when all is done',
    example: 3,
  })
  confirmed_generation!: number;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the provider is told next; `null` when there is nothing to tell',
  })
  next_attempt_at!: string | null;

  @ApiProperty({ type: 'integer', description: 'Failed tries since the wanted route last changed', example: 0 })
  attempts!: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'What the last failed try met', example: null })
  last_error!: string | null;

  @ApiProperty({
    type: 'boolean',
    description: 'Whether the answer URL that the number had before is kept, to be given back on detach',
  })
  former_route_saved!: boolean;
}

class RecentRequestDto {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When the request came in' })
  at!: string;

  @ApiProperty({
    type: 'string',
    description: 'What became of it: `routed`, `bad_signature`, `not_attached`, `agent_inactive`, `over_limit`, …',
    example: 'routed',
  })
  verdict!: string;
}

class RouteDriftDto {
  @ApiProperty({ type: 'string', format: 'date-time', description: 'When it was found' })
  at!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'What the provider had confirmed',
    example: { answer_url: 'https://patchbay.example.com/inbound/twilio/9bQ3…' },
  })
  expected!: object | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: "What it held instead, in the provider's own words; `null` when the account no longer held the number",
    example: { voice_url: 'https://elsewhere.example.com/voice', voice_method: 'POST', trunk_sid: null },
  })
  found!: object | null;
}

/** Why a call to a number goes where it goes. */
export class RoutePageDto {
  @ApiProperty({ type: 'string', description: 'The number in E.164 format', example: '+918062810341' })
  phone_number!: string;

  @ApiProperty({ type: 'string', enum: PROVIDER_NAMES, description: 'The provider that it is at', example: 'san' })
  provider!: ProviderName;

  @ApiProperty({ type: RouteAgentDto, nullable: true, description: 'The agent that its calls go to' })
  agent!: RouteAgentDto | null;

  @ApiProperty({ type: 'string', enum: NUMBER_STATUSES, description: "The number's status", example: 'active' })
  status!: NumberStatus;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it is `pending` or `inactive`', example: null })
  reason!: string | null;

  @ApiProperty({ type: ProviderRouteDto, description: 'What the provider was told, and how that goes' })
  provider_route!: ProviderRouteDto;

  @ApiProperty({
    type: 'string',
    required: false,
    description: 'Only at manual providers that are configured: the address to have bound there',
    example: 'wss://patchbay.example.com/inbound/san/9bQ3…/+918062810341',
  })
  inbound_url?: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the first authentic request to its own inbound URL came in',
  })
  proven_at!: string | null;

  @ApiProperty({
    type: [RouteDriftDto],
    description:
      'The last five times that the route was found changed at the provider, newest first; each was put right',
  })
  recent_drifts!: RouteDriftDto[];

  @ApiProperty({ type: [RecentRequestDto], description: 'The last ten inbound requests, newest first' })
  recent_requests!: RecentRequestDto[];
}
