import { Module, type DynamicModule } from '@nestjs/common';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { ServerModule } from '../http/server/server.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { ReadinessService } from './readiness.service';

/** Liveness, readiness and metrics, for whoever runs the process. */
@Module({
  imports: [ServerModule, TelemetryModule],
  controllers: [HealthController, MetricsController],
  providers: [ReadinessService],
})
export class HealthModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: HealthModule,
    imports: [DatabaseModule.forRoot(config)],
  }));
}
