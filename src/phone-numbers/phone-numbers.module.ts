import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, systemClock } from '../common/clock';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { ProvidersModule } from '../providers/providers.module';
import { AgentNumbersRepository } from './agent-numbers.repository';
import { InboundRequestsRepository } from './inbound-requests.repository';
import { NumberProofService } from './number-proof.service';
import { PhoneNumbersController } from './phone-numbers.controller';
import { PhoneNumbersRepository } from './phone-numbers.repository';
import { PhoneNumbersService } from './phone-numbers.service';
import { RoutePageService } from './route-page.service';

/** The inventory of numbers. */
@Module({})
export class PhoneNumbersModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: PhoneNumbersModule,
    imports: [DatabaseModule.forRoot(config), ProvidersModule.forRoot(config)],
    controllers: [PhoneNumbersController],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      AgentNumbersRepository,
      InboundRequestsRepository,
      NumberProofService,
      PhoneNumbersRepository,
      PhoneNumbersService,
      RoutePageService,
    ],
    exports: [AgentNumbersRepository, InboundRequestsRepository, NumberProofService, PhoneNumbersService],
  }));
}
