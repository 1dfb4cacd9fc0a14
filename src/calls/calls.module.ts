import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module';
import { CLOCK, systemClock } from '../common/clock';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { PhoneNumbersModule } from '../phone-numbers/phone-numbers.module';
import { ProvidersModule } from '../providers/providers.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { WebhooksModule } from '../webhooks/webhooks.module';
import { BridgedCallsRepository } from './inbound/bridged-calls.repository';
import { BridgedCalls } from './inbound/bridged-calls.service';
import { CallStatusService } from './inbound/call-status.service';
import { CalledNumberRepository } from './inbound/called-number.repository';
import { CalledNumbers } from './inbound/called-numbers.service';
import { InboundHook } from './inbound/decision-hook';
import { InboundCallService } from './inbound/inbound-call.service';
import { InboundController } from './inbound/inbound.controller';
import { InboundMetrics } from './inbound/inbound-metrics';
import { InboundProofService } from './inbound/inbound-proof.service';
import { InboundRouting } from './inbound/inbound-routing.service';
import { InboundSocketGateway } from './inbound/inbound-socket.gateway';
import { PlacedCalls } from './inbound/placed-calls.service';
import { SocketCalls } from './inbound/socket-calls.service';
import { VerdictSampler } from './inbound/verdict-sampler';
import { CallListRepository } from './call-list.repository';
import { CallsController } from './calls.controller';
import { CallsService } from './calls.service';
import { MakeCallController } from './make-call.controller';
import { CallerChoice } from './outbound/caller-choice.service';
import { CallerNumbersRepository } from './outbound/caller-numbers.repository';
import { HangupService } from './outbound/hangup.service';
import { MakeCallService } from './outbound/make-call.service';
import { PlacementRepository } from './outbound/placement.repository';
import { CallRecordModule } from './record/call-record.module';

/** Calls of the account's numbers, in and out, and what providers tell of them. */
@Module({})
export class CallsModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: CallsModule,
    imports: [
      AgentsModule.forRoot(config),
      CallRecordModule.forRoot(config),
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      PhoneNumbersModule.forRoot(config),
      ProvidersModule.forRoot(config),
      TelemetryModule,
      WebhooksModule.forRoot(config),
    ],
    controllers: [CallsController, InboundController, MakeCallController],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      BridgedCalls,
      BridgedCallsRepository,
      CallListRepository,
      CallStatusService,
      CallerChoice,
      CallerNumbersRepository,
      HangupService,
      MakeCallService,
      PlacementRepository,
      CallsService,
      CalledNumberRepository,
      CalledNumbers,
      InboundCallService,
      InboundHook,
      InboundMetrics,
      InboundProofService,
      InboundRouting,
      InboundSocketGateway,
      PlacedCalls,
      SocketCalls,
      VerdictSampler,
    ],
  }));
}
