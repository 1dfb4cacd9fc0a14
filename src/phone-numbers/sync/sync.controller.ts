import { Controller, Get, HttpCode, HttpStatus, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Authenticated } from '../../auth/authenticated.decorator';
import { Answer } from '../../http/envelope/answer.decorator';
import { answerWith } from '../../http/envelope/envelope-replies';
import { ApiAnswer } from '../../http/openapi/api-answer.decorator';
import { ApiErrors } from '../../http/openapi/api-errors.decorator';
import { Caller, type Principal } from '../../http/principal';
import { PROVIDER_NAMES } from '../../common/provider-name';
import { COMPLETED_SYNC_EXAMPLE, RUNNING_SYNC_EXAMPLE, SYNC_STATE_EXAMPLE } from './provider-sync.examples';
import { ProviderSyncDto } from './provider-sync.dto';
import { ProviderSyncStateDto } from './provider-sync-state.dto';
import { SyncService } from './sync.service';

const SYNCED = 'Phone numbers synced successfully';
const RUNNING = 'The sync goes on in the background';
const READ = 'Sync retrieved successfully';

const PROVIDER_PARAM = { name: 'provider', enum: PROVIDER_NAMES, description: 'The provider', example: 'twilio' };

@ApiTags('Providers')
@Controller('api/provider/:provider/sync')
export class SyncController {
  constructor(private readonly syncs: SyncService) {}

  @Post()
  @HttpCode(HttpStatus.OK)
  @Authenticated('numbers:write')
  @Answer(SYNCED)
  @ApiOperation({
    operationId: 'syncProvider',
    summary: "Import a provider's phone numbers",
    description:
      'Brings the inventory in line with what the provider lists; no number changes its agent. The answer waits up to ' +
      '10 seconds for the end; a longer sync answers 202 with the counts so far and goes on in the background. One at ' +
      'a time; a sync that was interrupted goes on from where it is.',
  })
  @ApiParam(PROVIDER_PARAM)
  @ApiAnswer(200, ProviderSyncDto, { message: SYNCED, example: COMPLETED_SYNC_EXAMPLE })
  @ApiAnswer(202, ProviderSyncDto, { message: RUNNING, example: RUNNING_SYNC_EXAMPLE })
  @ApiErrors(
    'PROVIDER_NOT_CONFIGURED',
    'PROVIDER_NOT_FOUND',
    'SYNC_IN_PROGRESS',
    'SYNC_NOT_SUPPORTED',
    'CREDENTIALS_REJECTED',
    'PROVIDER_UNAVAILABLE',
  )
  async sync(
    @Caller() caller: Principal,
    @Param('provider') provider: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ProviderSyncDto> {
    return acceptUnlessCompleted(response, await this.syncs.sync(caller.accountId, provider));
  }

  @Get()
  @Authenticated('numbers:read')
  @Answer(READ)
  @ApiOperation({
    operationId: 'getProviderSync',
    summary: "Read how the import of a provider's phone numbers stands",
    description: 'The one under way, or the last one.',
  })
  @ApiParam(PROVIDER_PARAM)
  @ApiAnswer(200, ProviderSyncStateDto, { message: READ, example: SYNC_STATE_EXAMPLE })
  @ApiErrors('PROVIDER_NOT_FOUND', 'SYNC_NOT_FOUND')
  get(@Caller() caller: Principal, @Param('provider') provider: string): Promise<ProviderSyncStateDto> {
    return this.syncs.get(caller.accountId, provider);
  }
}

function acceptUnlessCompleted(response: Response, sync: ProviderSyncDto): ProviderSyncDto {
  if (sync.status !== 'completed') {
    response.status(HttpStatus.ACCEPTED);
    answerWith(response, RUNNING);
  }
  return sync;
}
