import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  type SchemaObject,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/authenticated.decorator';
import { ReadinessService } from './readiness.service';

const statusSchema = (status: string): SchemaObject => ({
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string', enum: [status] } },
  example: { status },
});

@ApiTags('Health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the process runs' })
  @ApiOkResponse({ description: 'It runs', schema: statusSchema('ok') })
  live(): object {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether requests can be served' })
  @ApiOkResponse({ description: 'They can', schema: statusSchema('ready') })
  @ApiServiceUnavailableResponse({
    description: 'The database does not answer, or the process is shutting down',
    schema: statusSchema('unavailable'),
  })
  async ready(@Res({ passthrough: true }) response: Response): Promise<object> {
    if (await this.readiness.isReady()) return { status: 'ready' };
    response.status(HttpStatus.SERVICE_UNAVAILABLE);
    return { status: 'unavailable' };
  }
}
