import { type DynamicModule, Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module';
import { AuthModule } from '../auth/auth.module';
import { perConfig } from '../config/per-config';
import { PhoneNumbersModule } from '../phone-numbers/phone-numbers.module';
import { ProvidersModule } from '../providers/providers.module';
import { DemoRequests } from './demo-request';
import { DemoSeeder } from './demo-seeder';
import { DemoTokens } from './demo-token';
import { Demo } from './demo';

/** The demo's account and what it prints. */
@Module({})
export class DemoModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: DemoModule,
    imports: [
      AuthModule.forRoot(config),
      ProvidersModule.forRoot(config),
      PhoneNumbersModule.forRoot(config),
      AgentsModule.forRoot(config),
    ],
    providers: [Demo, DemoRequests, DemoSeeder, DemoTokens],
    exports: [Demo],
  }));
}
