import { Body, Controller, Param, Post, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import { Caller, type Principal } from '../http/principal';
import { callView } from './call-view';
import { CallDto } from './dto/call.dto';
import { CALL_EXAMPLE, EXAMPLE_CALL_ID, PLACED_CALL_EXAMPLE } from './dto/call.examples';
import { MakeCallDto } from './dto/make-call.dto';
import { PlacedCallDto } from './dto/placed-call.dto';
import { HangupService } from './outbound/hangup.service';
import { MakeCallService } from './outbound/make-call.service';

const MESSAGES = { make: 'Call placed successfully', hangUp: 'Call is being ended' } as const;

@ApiTags('Calls')
@Controller('api')
export class MakeCallController {
  constructor(
    private readonly calls: MakeCallService,
    private readonly hangups: HangupService,
  ) {}

  @Post('agent/make-call')
  @Authenticated('calls:write')
  @Answer(MESSAGES.make)
  @ApiOperation({
    operationId: 'makeCall',
    summary: 'Place a call',
    description:
      "Calls somebody from one of the agent's numbers and connects the agent. It is placed once and never again; where the " +
      "provider's answer is lost the call is `initiated` until its status arrives.",
  })
  @ApiAnswer(201, PlacedCallDto, { message: MESSAGES.make, example: PLACED_CALL_EXAMPLE })
  @ApiErrors(
    'AGENT_ID_REQUIRED',
    'PHONE_NUMBER_REQUIRED',
    'INVALID_PHONE_NUMBER_FORMAT',
    'AGENT_NOT_FOUND',
    'AGENT_HAS_NO_MEDIA',
    'NUMBER_NOT_ATTACHED',
    'CALL_LIMIT_REACHED',
    'CALLS_NOT_SUPPORTED',
    'CALL_REFUSED',
    'PROVIDER_NOT_CONFIGURED',
    'PROVIDER_UNAVAILABLE',
  )
  async make(@Caller() caller: Principal, @Body() dto: MakeCallDto): Promise<PlacedCallDto> {
    const { agent_id: agentId, phone_number: to, from, metadata } = dto;
    const call = await this.calls.make({ accountId: caller.accountId, agentId, to, from, metadata });
    const { call_id, call_status, agent_id, phone_number, from: shown, provider } = callView(call);
    return { call_id, call_status, agent_id, phone_number, from: shown, provider };
  }

  @Post('call/:call_id/hangup')
  @HttpCode(200)
  @Authenticated('calls:write')
  @Answer(MESSAGES.hangUp)
  @ApiOperation({
    operationId: 'hangUpCall',
    summary: 'End a call',
    description: 'That it has ended, and after how long, its provider tells; a call that has ended stays as it is.',
  })
  @ApiParam({ name: 'call_id', description: 'The call', example: EXAMPLE_CALL_ID })
  @ApiAnswer(200, CallDto, { message: MESSAGES.hangUp, example: CALL_EXAMPLE })
  @ApiErrors(
    'CALL_NOT_FOUND',
    'CALL_NOT_PLACED_YET',
    'HANGUP_NOT_SUPPORTED',
    'CALL_REFUSED',
    'PROVIDER_NOT_CONFIGURED',
    'PROVIDER_UNAVAILABLE',
  )
  async hangUp(@Caller() caller: Principal, @Param('call_id') callId: string): Promise<CallDto> {
    return CallDto.from(await this.hangups.hangUp(caller.accountId, callId));
  }
}
