import { ApiProperty } from '@nestjs/swagger';
import { toIso } from '../../common/clock';
import type { StoredAttempt } from '../webhook-delivery';

/** One try to deliver. */
export class WebhookAttemptDto {
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'When it was sent',
    example: '2026-11-24T08:00:00.000Z',
  })
  attempted_at!: string;

  @ApiProperty({ type: 'string', description: 'Where it was sent, without its query' })
  url!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The HTTP status of the answer; `null` = none came' })
  status_code!: number | null;

  @ApiProperty({ type: 'integer', description: 'How long the answer took, in milliseconds', example: 41 })
  latency_ms!: number;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why no answer came, such as `timeout`, `connection_refused` or `private_address`',
  })
  error!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: "The beginning of the answer's body, at most 1 KiB" })
  response!: string | null;

  static from(attempt: StoredAttempt): WebhookAttemptDto {
    return {
      attempted_at: toIso(attempt.attemptedAt),
      url: attempt.url,
      status_code: attempt.statusCode,
      latency_ms: attempt.latencyMs,
      error: attempt.error,
      response: attempt.response,
    };
  }
}
