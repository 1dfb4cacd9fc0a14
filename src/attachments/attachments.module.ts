import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, systemClock } from '../common/clock';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { EventsModule } from '../events/events.module';
import { NumberNewsModule } from '../phone-numbers/news/number-news.module';
import { ProvidersModule } from '../providers/providers.module';
import { AttachmentWriter } from './attachment-writer';
import { AttachmentsRepository } from './attachments.repository';
import { AttachmentsService } from './attachments.service';
import { DriftCheck } from './drift/drift-check';
import { DriftRepository } from './drift/drift.repository';
import { DriftWorker } from './drift/drift-worker';
import { NumberStates } from './number-states';
import { OwnershipService } from './ownership.service';
import { ProviderRetry } from './provider-retry';
import { RouteAttempt } from './route-attempt';
import { RouteReconciler } from './route-reconciler';
import { RouteWorkRepository } from './route-work.repository';
import { RouteWorker } from './route-worker';

/** The link between number and agent, and the reconciler of its route at the provider. */
@Module({})
export class AttachmentsModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: AttachmentsModule,
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      EventsModule,
      NumberNewsModule,
      ProvidersModule.forRoot(config),
    ],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      AttachmentWriter,
      AttachmentsRepository,
      AttachmentsService,
      DriftCheck,
      DriftRepository,
      DriftWorker,
      NumberStates,
      OwnershipService,
      ProviderRetry,
      RouteAttempt,
      RouteReconciler,
      RouteWorkRepository,
      RouteWorker,
    ],
    exports: [AttachmentsService],
  }));
}
