import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import type { Page } from '../http/pagination/page';
import { Caller, type Principal } from '../http/principal';
import { CallsService } from './calls.service';
import { CallQuery } from './dto/call-query.dto';
import { CallDto } from './dto/call.dto';
import { CALL_EXAMPLE, CALL_PAGE_EXAMPLE, EXAMPLE_CALL_ID } from './dto/call.examples';

const MESSAGES = {
  list: 'Calls retrieved successfully',
  get: 'Call retrieved successfully',
} as const;

@ApiTags('Calls')
@Controller('api/call')
export class CallsController {
  constructor(private readonly calls: CallsService) {}

  @Get()
  @Authenticated('calls:read')
  @Answer(MESSAGES.list)
  @ApiOperation({
    operationId: 'listCalls',
    summary: 'List calls',
    description: 'In and out, newest first. All filters may be combined.',
  })
  @ApiAnswer(200, CallDto, { message: MESSAGES.list, example: CALL_PAGE_EXAMPLE, isPage: true })
  @ApiErrors()
  list(@Caller() caller: Principal, @Query() query: CallQuery): Promise<Page<CallDto>> {
    return this.calls.list(caller.accountId, query);
  }

  @Get(':call_id')
  @Authenticated('calls:read')
  @Answer(MESSAGES.get)
  @ApiOperation({ operationId: 'getCall', summary: 'Read a call' })
  @ApiParam({ name: 'call_id', description: 'The call', example: EXAMPLE_CALL_ID })
  @ApiAnswer(200, CallDto, { message: MESSAGES.get, example: CALL_EXAMPLE })
  @ApiErrors('CALL_NOT_FOUND')
  get(@Caller() caller: Principal, @Param('call_id') callId: string): Promise<CallDto> {
    return this.calls.get(caller.accountId, callId);
  }
}
