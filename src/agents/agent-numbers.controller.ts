import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import { Caller, type Principal } from '../http/principal';
import { AgentNumbersService } from './agent-numbers.service';
import { ATTACHMENT_EXAMPLE, DETACHMENT_EXAMPLE } from './dto/agent.examples';
import { AttachNumbersDto } from './dto/attach-numbers.dto';
import { AttachmentDto } from './dto/attachment.dto';
import { DetachNumbersDto } from './dto/detach-numbers.dto';
import { DetachmentDto } from './dto/detachment.dto';
import { DryRunQuery } from './dto/dry-run.query';

const ATTACHED = 'Phone number(s) attached successfully';
const DETACHED = 'Phone number(s) detached successfully';

@ApiTags('Agents')
@Controller('api/agent')
export class AgentNumbersController {
  constructor(private readonly agentNumbers: AgentNumbersService) {}

  @Post('attach-phone-number')
  @HttpCode(200)
  @Authenticated('numbers:write')
  @Answer(ATTACHED)
  @ApiOperation({
    operationId: 'attachPhoneNumbers',
    summary: 'Attach phone numbers to an agent',
    description:
      'All or nothing: either every number is attached or none is. The answer waits a bounded time for the provider; ' +
      'what it has not confirmed by then is `pending` and goes on in the background. Attaching what is already ' +
      'attached to the same agent succeeds and changes nothing.',
  })
  @ApiAnswer(200, AttachmentDto, { message: ATTACHED, example: ATTACHMENT_EXAMPLE })
  @ApiErrors(
    'AGENT_ID_REQUIRED',
    'PROVIDER_REQUIRED',
    'NUMBERS_REQUIRED',
    'INVALID_PHONE_NUMBER_FORMAT',
    'AGENT_NOT_FOUND',
    'PROVIDER_NOT_CONFIGURED',
    'NUMBER_ALREADY_ATTACHED',
    'NUMBER_NOT_AVAILABLE',
    'PURPOSE_MISMATCH',
    'PROVIDER_UNAVAILABLE',
  )
  attach(
    @Caller() caller: Principal,
    @Body() dto: AttachNumbersDto,
    @Query() query: DryRunQuery,
  ): Promise<AttachmentDto> {
    return this.agentNumbers.attach(caller.accountId, dto, query.dry_run ?? false);
  }

  @Post('detach-phone-number')
  @HttpCode(200)
  @Authenticated('numbers:write')
  @Answer(DETACHED)
  @ApiOperation({
    operationId: 'detachPhoneNumbers',
    summary: 'Detach phone numbers from an agent',
    description:
      'All or nothing. The route at the provider is given back: what it held for the number before is restored.',
  })
  @ApiAnswer(200, DetachmentDto, { message: DETACHED, example: DETACHMENT_EXAMPLE })
  @ApiErrors(
    'AGENT_ID_REQUIRED',
    'NUMBERS_REQUIRED',
    'INVALID_PHONE_NUMBER_FORMAT',
    'AGENT_NOT_FOUND',
    'NUMBER_NOT_ATTACHED',
  )
  detach(
    @Caller() caller: Principal,
    @Body() dto: DetachNumbersDto,
    @Query() query: DryRunQuery,
  ): Promise<DetachmentDto> {
    return this.agentNumbers.detach(caller.accountId, dto, query.dry_run ?? false);
  }
}
