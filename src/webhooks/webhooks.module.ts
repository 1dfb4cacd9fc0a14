import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module';
import { CLOCK, systemClock } from '../common/clock';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { DeliveryLogRepository } from './delivery-log.repository';
import { DeliveryMetrics } from './delivery-metrics';
import { DeliveryRecorder } from './delivery-recorder';
import { DeliveryWorker } from './delivery-worker';
import { DueMessagesRepository } from './due-messages.repository';
import { LaneRunner } from './lane-runner';
import { LanesRepository } from './lanes.repository';
import { WebhookClient } from './webhook-client';
import { WebhookDeliveriesController } from './webhook-deliveries.controller';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository';
import { WebhookDeliveriesService } from './webhook-deliveries.service';

/** Tells agents' servers what has happened. */
@Module({})
export class WebhooksModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: WebhooksModule,
    imports: [
      AgentsModule.forRoot(config),
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      TelemetryModule,
    ],
    controllers: [WebhookDeliveriesController],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      DeliveryLogRepository,
      DeliveryMetrics,
      DeliveryRecorder,
      DeliveryWorker,
      DueMessagesRepository,
      LaneRunner,
      LanesRepository,
      WebhookClient,
      WebhookDeliveriesRepository,
      WebhookDeliveriesService,
    ],
    exports: [WebhookClient],
  }));
}
