import { ApiProperty } from '@nestjs/swagger';
import { toIso, toIsoOrNull } from '../../common/clock';
import { MESSAGE_STATES, type MessageState } from '../../outbox/outbox-message';
import { WEBHOOK_EVENTS, type WebhookEvent } from '../../outbox/webhook-event';
import { DEATH_REASONS } from '../delivery';
import type { StoredAttempt, StoredDelivery } from '../webhook-delivery';
import { WebhookAttemptDto } from './webhook-attempt.dto';

const TIME = { type: 'string', format: 'date-time' } as const;

/** An event on its way to an agent's webhook, or what has become of it. */
export class WebhookDeliveryDto {
  @ApiProperty({
    type: 'string',
    description: 'Names the event, as `webhook-id` and the `id` in its body do',
    example: 'msg_01kawgyqr4e3v9m2t5x8b7c6dn',
  })
  id!: string;

  @ApiProperty({ type: 'string', enum: WEBHOOK_EVENTS, description: 'What it tells of', example: 'call.ended' })
  type!: WebhookEvent;

  @ApiProperty({ type: 'string', description: 'Whom it is for', example: 'agent_01kawgyqr4e3v9m2t5x8b7c6dn' })
  agent_id!: string;

  @ApiProperty({
    type: 'string',
    enum: MESSAGE_STATES,
    description: '`pending`: to be sent, or to be sent again; `delivered`: answered with 2xx; `dead`: given up',
    example: 'delivered',
  })
  status!: MessageState;

  @ApiProperty({ type: 'string', nullable: true, enum: DEATH_REASONS, description: 'Why it was given up' })
  reason!: string | null;

  @ApiProperty({ type: [WebhookAttemptDto], description: 'The tries, oldest first; the last 50 of more' })
  attempts!: WebhookAttemptDto[];

  @ApiProperty({ ...TIME, description: 'When what it tells of happened', example: '2026-11-24T08:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ ...TIME, nullable: true, description: 'When it is tried next, at the earliest; `null` = not again' })
  next_attempt_at!: string | null;

  @ApiProperty({ ...TIME, nullable: true, description: 'When it was delivered or given up' })
  settled_at!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The body that is sent' })
  payload!: object;

  static from(row: StoredDelivery, attempts: readonly StoredAttempt[] = []): WebhookDeliveryDto {
    return {
      id: row.messageId,
      type: row.type,
      agent_id: row.agentId,
      status: row.state,
      reason: row.reason,
      attempts: attempts.map((attempt) => WebhookAttemptDto.from(attempt)),
      created_at: toIso(row.createdAt),
      next_attempt_at: toIsoOrNull(row.dueAt),
      settled_at: toIsoOrNull(row.settledAt),
      payload: JSON.parse(row.body) as object,
    };
  }
}
