import { type DynamicModule, Module } from '@nestjs/common';
import { perConfig } from '../config/per-config';
import { PhoneNumbersModule } from '../phone-numbers/phone-numbers.module';
import { ProvidersModule } from '../providers/providers.module';
import { InboundController } from './inbound.controller';
import { InboundProofService } from './inbound-proof.service';
import { InboundSocketGateway } from './inbound-socket.gateway';

/** What providers send us. */
@Module({})
export class CallsModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: CallsModule,
    imports: [ProvidersModule.forRoot(config), PhoneNumbersModule.forRoot(config)],
    controllers: [InboundController],
    providers: [InboundProofService, InboundSocketGateway],
  }));
}
