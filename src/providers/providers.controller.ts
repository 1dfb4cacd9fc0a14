import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import type { Page } from '../http/pagination/page';
import { Caller, type Principal } from '../http/principal';
import { DeletedProviderDto } from './dto/deleted-provider.dto';
import { ProviderListQuery } from './dto/provider-list.query';
import { ProviderSummaryDto } from './dto/provider-summary.dto';
import { ProviderDto } from './dto/provider.dto';
import { PutProviderDto } from './dto/put-provider.dto';
import { PROVIDER_EXAMPLE, PROVIDER_LIST_EXAMPLE } from './dto/provider.examples';
import { ProviderAccountsService } from './provider-accounts.service';
import { PROVIDER_NAMES } from '../common/provider-name';

const LISTED = 'Providers retrieved successfully';
const READ = 'Provider retrieved successfully';
const CONFIGURED = 'Provider configured successfully';
const DELETED = 'Provider deleted successfully';

const PROVIDER_PARAM = { name: 'provider', enum: PROVIDER_NAMES, description: 'The provider', example: 'twilio' };

@ApiTags('Providers')
@Controller('api/provider')
export class ProvidersController {
  constructor(private readonly accounts: ProviderAccountsService) {}

  @Get()
  @Authenticated('providers:read')
  @Answer(LISTED)
  @ApiOperation({
    operationId: 'listProviders',
    summary: 'List the providers',
    description: 'Every one, on one page: what each can do, what credentials it takes, and whether it is configured.',
  })
  @ApiAnswer(200, ProviderSummaryDto, { message: LISTED, isPage: true, example: PROVIDER_LIST_EXAMPLE })
  @ApiErrors()
  list(@Caller() caller: Principal, @Query() _query: ProviderListQuery): Promise<Page<ProviderSummaryDto>> {
    return this.accounts.list(caller.accountId);
  }

  @Get(':provider')
  @Authenticated('providers:read')
  @Answer(READ)
  @ApiOperation({
    operationId: 'getProvider',
    summary: 'Read a provider',
    description:
      'With the stored credentials, masked, and the inbound URL. One that is not configured is found all the same, with `configured` false and the members of the account `null`.',
  })
  @ApiParam(PROVIDER_PARAM)
  @ApiAnswer(200, ProviderDto, { message: READ, example: PROVIDER_EXAMPLE })
  @ApiErrors('PROVIDER_NOT_FOUND')
  get(@Caller() caller: Principal, @Param('provider') provider: string): Promise<ProviderDto> {
    return this.accounts.get(caller.accountId, provider);
  }

  @Put(':provider')
  @Authenticated('providers:write')
  @Answer(CONFIGURED)
  @ApiOperation({
    operationId: 'putProvider',
    summary: "Store a provider's credentials",
    description:
      'Replaces the stored credentials as a whole, once the provider has accepted them in one harmless live call of at most 5 seconds; otherwise nothing is stored. The inbound URL is made the first time and stays. Numbers whose route had failed are tried again.',
  })
  @ApiParam(PROVIDER_PARAM)
  @ApiAnswer(200, ProviderDto, { message: CONFIGURED, example: PROVIDER_EXAMPLE })
  @ApiErrors('CREDENTIALS_REQUIRED', 'PROVIDER_NOT_FOUND', 'CREDENTIALS_REJECTED', 'PROVIDER_UNAVAILABLE')
  put(
    @Caller() caller: Principal,
    @Param('provider') provider: string,
    @Body() body: PutProviderDto,
  ): Promise<ProviderDto> {
    return this.accounts.put(caller.accountId, provider, body.credentials);
  }

  @Delete(':provider')
  @Authenticated('providers:write')
  @Answer(DELETED)
  @ApiOperation({
    operationId: 'deleteProvider',
    summary: "Delete a provider's credentials",
    description:
      'Refused while numbers of it are attached to agents, or were detached so recently that their former route is still being given back. The inbound URL stops working. 404 also where the provider is not configured.',
  })
  @ApiParam(PROVIDER_PARAM)
  @ApiAnswer(200, DeletedProviderDto, { message: DELETED, example: { provider: 'twilio', deleted: true } })
  @ApiErrors('PROVIDER_NOT_FOUND', 'PROVIDER_IN_USE')
  remove(@Caller() caller: Principal, @Param('provider') provider: string): Promise<DeletedProviderDto> {
    return this.accounts.remove(caller.accountId, provider);
  }
}
