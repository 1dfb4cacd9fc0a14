import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, systemClock } from '../common/clock';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { PhoneNumbersModule } from '../phone-numbers/phone-numbers.module';
import { ProvidersModule } from '../providers/providers.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { CalledNumberRepository } from './inbound/called-number.repository';
import { InboundCallService } from './inbound/inbound-call.service';
import { InboundController } from './inbound/inbound.controller';
import { InboundMetrics } from './inbound/inbound-metrics';
import { InboundProofService } from './inbound/inbound-proof.service';
import { InboundSocketGateway } from './inbound/inbound-socket.gateway';
import { VerdictSampler } from './inbound/verdict-sampler';

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
