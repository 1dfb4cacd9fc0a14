import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { OptionalBody } from '../http/body/optional-body.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import { Caller, type Principal } from '../http/principal';
import { AgentWebhooks } from './agent-webhooks.service';
import { EXAMPLE_AGENT_ID, ROTATED_SECRET_EXAMPLE } from './dto/agent.examples';
import { RotateWebhookSecretDto } from './dto/rotate-webhook-secret.dto';
import { RotatedSecretDto } from './dto/rotated-secret.dto';

const ROTATED = 'Webhook secret rotated successfully';

@ApiTags('Agents')
@Controller('api/agent')
export class AgentWebhookController {
  constructor(private readonly webhooks: AgentWebhooks) {}

  @Post(':agent_id/rotate-webhook-secret')
  @HttpCode(200)
  @Authenticated('agents:write')
  @OptionalBody()
  @Answer(ROTATED)
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: "Make a new secret for an agent's webhooks",
    description:
      'The new secret signs from now on and is shown this once. The one before it signs too until ' +
      '`previous_secret_expires_at`, so that the receiver can be given the new one meanwhile.',
  })
  @ApiParam({ name: 'agent_id', description: 'The agent', example: EXAMPLE_AGENT_ID })
  @ApiAnswer(200, RotatedSecretDto, { message: ROTATED, example: ROTATED_SECRET_EXAMPLE })
  @ApiErrors('AGENT_NOT_FOUND')
  async rotate(
    @Caller() caller: Principal,
    @Param('agent_id') agentId: string,
    @Body() dto: RotateWebhookSecretDto,
  ): Promise<RotatedSecretDto> {
    return RotatedSecretDto.from(agentId, await this.webhooks.rotate(caller.accountId, agentId, dto.overlap_s * 1_000));
  }
}
