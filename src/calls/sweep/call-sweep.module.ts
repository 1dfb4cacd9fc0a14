import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, systemClock } from '../../common/clock';
import { ConfigModule } from '../../config/config.module';
import { perConfig } from '../../config/per-config';
import { DatabaseModule } from '../../database/database.module';
import { ProvidersModule } from '../../providers/providers.module';
import { TelemetryModule } from '../../telemetry/telemetry.module';
import { CallRecordModule } from '../record/call-record.module';
import { CallChecksRepository } from './call-checks.repository';
import { CallSweep } from './call-sweep';
import { CallSweepMetrics } from './call-sweep-metrics';
import { CallSweepWorker } from './call-sweep-worker';

/** Ends calls whose end nobody tells. */
@Module({})
export class CallSweepModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: CallSweepModule,
    imports: [
      CallRecordModule.forRoot(config),
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      ProvidersModule.forRoot(config),
      TelemetryModule,
    ],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      CallChecksRepository,
      CallSweep,
      CallSweepMetrics,
      CallSweepWorker,
    ],
  }));
}
