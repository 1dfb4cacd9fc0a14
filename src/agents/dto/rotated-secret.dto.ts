import { ApiProperty } from '@nestjs/swagger';
import { toIso } from '../../common/clock';
import type { RotatedSecret } from '../agent-webhook';
import { EXAMPLE_AGENT_ID, EXAMPLE_WEBHOOK_SECRET } from './agent.examples';

/** A new secret; it is not shown again. */
export class RotatedSecretDto {
  @ApiProperty({ type: 'string', description: 'The agent', example: EXAMPLE_AGENT_ID })
  agent_id!: string;

  @ApiProperty({
    type: 'string',
    description: 'Signs its webhooks from now on; shown this once',
    example: EXAMPLE_WEBHOOK_SECRET,
  })
  webhook_secret!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    description: 'Until when the secret before signs them too',
    example: '2026-11-25T08:00:00.000Z',
  })
  previous_secret_expires_at!: string;

  static from(agentId: string, { secret, formerValidUntil }: RotatedSecret): RotatedSecretDto {
    return {
      agent_id: agentId,
      webhook_secret: secret,
      previous_secret_expires_at: toIso(formerValidUntil),
    };
  }
}
