import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import type { Page } from '../http/pagination/page';
import { PageQuery } from '../http/pagination/page-query.dto';
import { Caller, type Principal } from '../http/principal';
import { AgentsService } from './agents.service';
import { AgentDto } from './dto/agent.dto';
import {
  AGENT_EXAMPLE,
  AGENT_PAGE_EXAMPLE,
  DELETED_AGENT_EXAMPLE,
  EXAMPLE_AGENT_ID,
  NEW_AGENT_EXAMPLE,
} from './dto/agent.examples';
import { CreatedAgentDto } from './dto/created-agent.dto';
import { CreateAgentDto } from './dto/create-agent.dto';
import { DeleteAgentQuery } from './dto/delete-agent.query';
import { DeletedAgentDto } from './dto/deleted-agent.dto';
import { UpdateAgentDto } from './dto/update-agent.dto';

const MESSAGES = {
  create: 'Agent created successfully',
  list: 'Agents retrieved successfully',
  get: 'Agent retrieved successfully',
  update: 'Agent updated successfully',
  remove: 'Agent deleted successfully',
} as const;

const CREATE_NOTE = 'The answer alone shows the secret that its webhooks are signed with.';

const AGENT_PARAM = { name: 'agent_id', description: 'The agent', example: EXAMPLE_AGENT_ID } as const;

@ApiTags('Agents')
@Controller('api/agent')
export class AgentsController {
  constructor(private readonly agents: AgentsService) {}

  @Post()
  @Authenticated('agents:write')
  @Answer(MESSAGES.create)
  @ApiOperation({ operationId: 'createAgent', summary: 'Create an agent', description: CREATE_NOTE })
  @ApiAnswer(201, CreatedAgentDto, { message: MESSAGES.create, example: NEW_AGENT_EXAMPLE })
  @ApiErrors('AGENT_NAME_REQUIRED', 'INVALID_PHONE_NUMBER_FORMAT')
  create(@Caller() caller: Principal, @Body() dto: CreateAgentDto): Promise<CreatedAgentDto> {
    return this.agents.create(caller.accountId, dto);
  }

  @Get()
  @Authenticated('agents:read')
  @Answer(MESSAGES.list)
  @ApiOperation({ operationId: 'listAgents', summary: 'List agents', description: 'Newest first.' })
  @ApiAnswer(200, AgentDto, { message: MESSAGES.list, example: AGENT_PAGE_EXAMPLE, isPage: true })
  @ApiErrors()
  list(@Caller() caller: Principal, @Query() query: PageQuery): Promise<Page<AgentDto>> {
    return this.agents.list(caller.accountId, query);
  }

  @Get(':agent_id')
  @Authenticated('agents:read')
  @Answer(MESSAGES.get)
  @ApiOperation({ operationId: 'getAgent', summary: 'Read an agent' })
  @ApiParam(AGENT_PARAM)
  @ApiAnswer(200, AgentDto, { message: MESSAGES.get, example: AGENT_EXAMPLE })
  @ApiErrors('AGENT_NOT_FOUND')
  get(@Caller() caller: Principal, @Param('agent_id') agentId: string): Promise<AgentDto> {
    return this.agents.get(caller.accountId, agentId);
  }

  @Patch(':agent_id')
  @Authenticated('agents:write')
  @Answer(MESSAGES.update)
  @ApiOperation({
    operationId: 'updateAgent',
    summary: 'Change an agent',
    description:
      'What is named changes; `null` clears. With `phone_numbers`, the whole set of numbers wanted, missing ones are ' +
      'detached and new ones attached in the same transaction, under the rules of attach and with the scope ' +
      '`numbers:write`.',
  })
  @ApiParam(AGENT_PARAM)
  @ApiAnswer(200, AgentDto, { message: MESSAGES.update, example: AGENT_EXAMPLE })
  @ApiErrors(
    'AGENT_NAME_REQUIRED',
    'PROVIDER_REQUIRED',
    'INVALID_PHONE_NUMBER_FORMAT',
    'AGENT_NOT_FOUND',
    'PROVIDER_NOT_CONFIGURED',
    'NUMBER_ALREADY_ATTACHED',
    'NUMBER_NOT_AVAILABLE',
    'PURPOSE_MISMATCH',
    'PROVIDER_UNAVAILABLE',
  )
  update(
    @Caller() caller: Principal,
    @Param('agent_id') agentId: string,
    @Body() dto: UpdateAgentDto,
  ): Promise<AgentDto> {
    return this.agents.update(caller, agentId, dto);
  }

  @Delete(':agent_id')
  @Authenticated('agents:write')
  @Answer(MESSAGES.remove)
  @ApiOperation({
    operationId: 'deleteAgent',
    summary: 'Delete an agent',
    description:
      'Refused while numbers are attached to it, unless they are to be detached, which takes the scope ' +
      '`numbers:write` too.',
  })
  @ApiParam(AGENT_PARAM)
  @ApiAnswer(200, DeletedAgentDto, { message: MESSAGES.remove, example: DELETED_AGENT_EXAMPLE })
  @ApiErrors('AGENT_NOT_FOUND', 'AGENT_HAS_PHONE_NUMBERS')
  remove(
    @Caller() caller: Principal,
    @Param('agent_id') agentId: string,
    @Query() query: DeleteAgentQuery,
  ): Promise<DeletedAgentDto> {
    return this.agents.remove(caller, agentId, query.detach ?? false);
  }
}
