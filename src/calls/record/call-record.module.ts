import { type DynamicModule, Module } from '@nestjs/common';
import { CLOCK, systemClock } from '../../common/clock';
import { ConfigModule } from '../../config/config.module';
import { perConfig } from '../../config/per-config';
import { DatabaseModule } from '../../database/database.module';
import { OutboxModule } from '../../outbox/outbox.module';
import { PhoneNumbersModule } from '../../phone-numbers/phone-numbers.module';
import { CallAgentsRepository } from './call-agents.repository';
import { CallRecorder } from './call-recorder.service';
import { CallWriter } from './call-writer';
import { CallsRepository } from './calls.repository';
import { NumberSlotsRepository } from './number-slots.repository';

/** The record of calls, for whoever has something to write into it. */
@Module({})
export class CallRecordModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: CallRecordModule,
    imports: [
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      OutboxModule,
      PhoneNumbersModule.forRoot(config),
    ],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      CallAgentsRepository,
      CallRecorder,
      CallWriter,
      CallsRepository,
      NumberSlotsRepository,
    ],
    exports: [CallRecorder, CallWriter, CallsRepository, NumberSlotsRepository],
  }));
}
