import { Module, type DynamicModule } from '@nestjs/common';
import { CLOCK, systemClock } from '../common/clock';
import { SecretBox } from '../common/secret-box';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { TelemetryModule } from '../telemetry/telemetry.module';
import { CredentialVault } from './credential-vault';
import { InboundAccounts } from './inbound-accounts.service';
import { ProviderAccountRepository } from './provider-account.repository';
import { ProviderAccountsService } from './provider-accounts.service';
import { ProviderChanges } from './provider-changes';
import { ProviderResourceRepository } from './provider-resource.repository';
import { ProvidersController } from './providers.controller';
import { ProvidersService } from './providers.service';
import { SharedResourcesService } from './shared-resources.service';
import { VendorHttpService } from './vendor-http.service';
import { VendorMetrics } from './vendor-metrics';

/** The vendors and the accounts' credentials at them. */
@Module({})
export class ProvidersModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: ProvidersModule,
    imports: [ConfigModule.forRoot(config), DatabaseModule.forRoot(config), TelemetryModule],
    controllers: [ProvidersController],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      { provide: SecretBox, useFactory: () => new SecretBox(config.secretsKeys) },
      CredentialVault,
      InboundAccounts,
      ProviderAccountRepository,
      ProviderAccountsService,
      ProviderChanges,
      ProviderResourceRepository,
      ProvidersService,
      SharedResourcesService,
      VendorHttpService,
      VendorMetrics,
    ],
    exports: [InboundAccounts, ProviderAccountsService, ProviderChanges, ProvidersService],
  }));
}
