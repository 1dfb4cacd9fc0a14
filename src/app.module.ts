import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsModule } from './agents/agents.module';
import { AttachmentsModule } from './attachments/attachments.module';
import { AuthModule } from './auth/auth.module';
import { CallsModule } from './calls/calls.module';
import { CallSweepModule } from './calls/sweep/call-sweep.module';
import { perConfig } from './config/per-config';
import { HealthModule } from './health/health.module';
import { PhoneNumbersModule } from './phone-numbers/phone-numbers.module';
import { ProvidersModule } from './providers/providers.module';
import { LoggerModule } from './telemetry/logger.module';
import { TelemetryModule } from './telemetry/telemetry.module';
import { WebhooksModule } from './webhooks/webhooks.module';

/** Everything of a process that answers HTTP; whether it also settles routes is its role. */
@Module({})
export class AppModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: AppModule,
    imports: [
      LoggerModule.forRoot(config),
      TelemetryModule,
      AuthModule.forRoot(config),
      ProvidersModule.forRoot(config),
      PhoneNumbersModule.forRoot(config),
      AttachmentsModule.forRoot(config),
      AgentsModule.forRoot(config),
      WebhooksModule.forRoot(config),
      CallsModule.forRoot(config),
      CallSweepModule.forRoot(config),
      HealthModule.forRoot(config),
    ],
  }));
}
