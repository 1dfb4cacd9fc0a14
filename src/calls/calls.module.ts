import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, systemClock } from '../common/clock';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { PhoneNumbersModule } from '../phone-numbers/phone-numbers.module';
import { ProvidersModule } from '../providers/providers.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { CalledNumberRepository } from './called-number.repository';
import { InboundCallService } from './inbound-call.service';
import { InboundController } from './inbound.controller';
import { InboundMetrics } from './inbound-metrics';
import { InboundProofService } from './inbound-proof.service';
import { InboundSocketGateway } from './inbound-socket.gateway';
import { VerdictSampler } from './verdict-sampler';

/** What providers send us. */
@Module({})
export class CallsModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: CallsModule,
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      PhoneNumbersModule.forRoot(config),
      ProvidersModule.forRoot(config),
      TelemetryModule,
    ],
    controllers: [InboundController],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      CalledNumberRepository,
      InboundCallService,
      InboundMetrics,
      InboundProofService,
      InboundSocketGateway,
      VerdictSampler,
    ],
  }));
}
