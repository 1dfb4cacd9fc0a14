import { type DynamicModule, Module } from '@nestjs/common';
import { AttachmentsModule } from '../attachments/attachments.module';
import { CLOCK, systemClock } from '../common/clock';
import { SecretBox } from '../common/secret-box';
import { ConfigModule } from '../config/config.module';
import { perConfig } from '../config/per-config';
import { DatabaseModule } from '../database/database.module';
import { PhoneNumbersModule } from '../phone-numbers/phone-numbers.module';
import { AgentNumbersController } from './agent-numbers.controller';
import { AgentNumbersService } from './agent-numbers.service';
import { AgentWebhookController } from './agent-webhook.controller';
import { AgentWebhookRepository } from './agent-webhook.repository';
import { AgentWebhooks } from './agent-webhooks.service';
import { AgentsController } from './agents.controller';
import { AgentsRepository } from './agents.repository';
import { AgentsService } from './agents.service';

/** Agents, and the routes that attach numbers to them. */
@Module({})
export class AgentsModule {
  static readonly forRoot = perConfig((config): DynamicModule => ({
    module: AgentsModule,
    imports: [
      AttachmentsModule.forRoot(config),
      ConfigModule.forRoot(config),
      DatabaseModule.forRoot(config),
      PhoneNumbersModule.forRoot(config),
    ],
    controllers: [AgentNumbersController, AgentWebhookController, AgentsController],
    providers: [
      { provide: CLOCK, useValue: systemClock },
      { provide: SecretBox, useFactory: () => new SecretBox(config.secretsKeys) },
      AgentNumbersService,
      AgentWebhookRepository,
      AgentWebhooks,
      AgentsRepository,
      AgentsService,
    ],
    exports: [AgentWebhooks, AgentsService],
  }));
}
