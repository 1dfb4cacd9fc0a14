import { type DynamicModule, Module } from '@nestjs/common';
import { AttachmentsModule } from './attachments/attachments.module';
import { CallSweepModule } from './calls/sweep/call-sweep.module';
import { perConfig } from './config/per-config';
import { PhoneNumbersModule } from './phone-numbers/phone-numbers.module';
import { LoggerModule } from './telemetry/logger.module';
import { WebhooksModule } from './webhooks/webhooks.module';

/** Everything of a process that settles routes, syncs numbers and looks after calls in the background and answers nobody. */
@Module({})
export class WorkerModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: WorkerModule,
    imports: [
      LoggerModule.forRoot(config),
      AttachmentsModule.forRoot(config),
      PhoneNumbersModule.forRoot(config),
      WebhooksModule.forRoot(config),
      CallSweepModule.forRoot(config),
    ],
  }));
}
