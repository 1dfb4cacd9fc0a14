import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, systemClock } from '../common/clock';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { EventsModule } from '../events/events.module';
import { ProvidersModule } from '../providers/providers.module';
import { AgentNumbersRepository } from './agent-numbers.repository';
import { InboundRequestsRepository } from './inbound-requests.repository';
import { NumberNewsModule } from './news/number-news.module';
import { NumberProofService } from './number-proof.service';
import { PhoneNumbersController } from './phone-numbers.controller';
import { PhoneNumbersRepository } from './phone-numbers.repository';
import { PhoneNumbersService } from './phone-numbers.service';
import { RoutePageService } from './route-page.service';
import { GoneSweep } from './sync/gone-sweep';
import { ListWriter } from './sync/list-writer';
import { ProviderSyncRepository } from './sync/provider-sync.repository';
import { SyncClaims } from './sync/sync-claims';
import { SyncRunner } from './sync/sync-runner';
import { SyncSchedule } from './sync/sync-schedule';
import { SyncSteps } from './sync/sync-steps';
import { SyncWorker } from './sync/sync-worker';
import { SyncController } from './sync/sync.controller';
import { SyncService } from './sync/sync.service';
import { SyncedNumbersRepository } from './sync/synced-numbers.repository';

/** The inventory of numbers, and its sync with the providers. */
@Module({})
export class PhoneNumbersModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: PhoneNumbersModule,
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      EventsModule,
      NumberNewsModule,
      ProvidersModule.forRoot(config),
    ],
    controllers: [PhoneNumbersController, SyncController],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      AgentNumbersRepository,
      GoneSweep,
      InboundRequestsRepository,
      ListWriter,
      NumberProofService,
      PhoneNumbersRepository,
      PhoneNumbersService,
      ProviderSyncRepository,
      RoutePageService,
      SyncClaims,
      SyncRunner,
      SyncSchedule,
      SyncService,
      SyncSteps,
      SyncWorker,
      SyncedNumbersRepository,
    ],
    exports: [AgentNumbersRepository, InboundRequestsRepository, NumberProofService, PhoneNumbersService],
  }));
}
