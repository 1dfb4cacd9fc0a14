import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator';
import { Answer } from '../http/envelope/answer.decorator';
import { ApiAnswer } from '../http/openapi/api-answer.decorator';
import { ApiErrors } from '../http/openapi/api-errors.decorator';
import type { Page } from '../http/pagination/page';
import { Caller, type Principal } from '../http/principal';
import { WebhookDeliveryDto } from './dto/webhook-delivery.dto';
import {
  DELIVERY_EXAMPLE,
  DELIVERY_PAGE_EXAMPLE,
  EXAMPLE_DELIVERY_ID,
  REDELIVERY_EXAMPLE,
} from './dto/webhook-delivery.examples';
import { WebhookDeliveryQuery } from './dto/webhook-delivery.query';
import { WebhookDeliveriesService } from './webhook-deliveries.service';

const MESSAGES = {
  list: 'Webhook deliveries retrieved successfully',
  get: 'Webhook delivery retrieved successfully',
  redeliver: 'Webhook is delivered again',
} as const;

const DELIVERY_PARAM = {
  name: 'id',
  description: 'The delivery: the `id` of the event and the `webhook-id` of the request',
  example: EXAMPLE_DELIVERY_ID,
} as const;

@ApiTags('Webhook deliveries')
@Controller('api/webhook-delivery')
export class WebhookDeliveriesController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  @Get()
  @Authenticated('events:read')
  @Answer(MESSAGES.list)
  @ApiOperation({
    operationId: 'listWebhookDeliveries',
    summary: "List what was sent to agents' webhooks",
    description: 'Newest first, with every try. Those of status `dead` were given up, and can be delivered again.',
  })
  @ApiAnswer(200, WebhookDeliveryDto, { message: MESSAGES.list, example: DELIVERY_PAGE_EXAMPLE, isPage: true })
  @ApiErrors()
  list(@Caller() caller: Principal, @Query() query: WebhookDeliveryQuery): Promise<Page<WebhookDeliveryDto>> {
    return this.deliveries.list(caller.accountId, query);
  }

  @Get(':id')
  @Authenticated('events:read')
  @Answer(MESSAGES.get)
  @ApiOperation({ operationId: 'getWebhookDelivery', summary: "Read what was sent to an agent's webhook" })
  @ApiParam(DELIVERY_PARAM)
  @ApiAnswer(200, WebhookDeliveryDto, { message: MESSAGES.get, example: DELIVERY_EXAMPLE })
  @ApiErrors('WEBHOOK_DELIVERY_NOT_FOUND')
  get(@Caller() caller: Principal, @Param('id') id: string): Promise<WebhookDeliveryDto> {
    return this.deliveries.get(caller.accountId, id);
  }

  @Post(':id/redeliver')
  @HttpCode(200)
  @Authenticated('agents:write')
  @Answer(MESSAGES.redeliver)
  @ApiOperation({
    operationId: 'redeliverWebhook',
    summary: "Deliver to an agent's webhook again",
    description:
      'What is delivered or dead is sent again, with ten fresh tries and the same `id`, so that the receiver can tell ' +
      'that it has had it. What is pending is tried at once.',
  })
  @ApiParam(DELIVERY_PARAM)
  @ApiAnswer(200, WebhookDeliveryDto, { message: MESSAGES.redeliver, example: REDELIVERY_EXAMPLE })
  @ApiErrors('WEBHOOK_DELIVERY_NOT_FOUND')
  redeliver(@Caller() caller: Principal, @Param('id') id: string): Promise<WebhookDeliveryDto> {
    return this.deliveries.redeliver(caller.accountId, id);
  }
}
