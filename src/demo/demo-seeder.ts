import { Injectable } from '@nestjs/common';
import { AgentsService } from '../agents/agents.service';
import { systemClock } from '../common/clock';
import { AppError } from '../common/errors/app-error';
import { PhoneNumbersService } from '../phone-numbers/phone-numbers.service';
import { ProviderAccountsService } from '../providers/provider-accounts.service';
import { PROVIDER_NAMES, type ProviderName } from '../common/provider-name';
import { ProvidersService } from '../providers/providers.service';
import type { Vendor } from '../simulator/core/vendor';
import { demoAccount } from '../simulator/demo-seed';
import type { Simulator } from '../simulator/simulator';

/** Fills the demo's account: every provider, its numbers and an agent. Harmless to repeat after a crash half-way. */
@Injectable()
export class DemoSeeder {
  constructor(
    private readonly accounts: ProviderAccountsService,
    private readonly providers: ProvidersService,
    private readonly numbers: PhoneNumbersService,
    private readonly agents: AgentsService,
  ) {}

  async seed(accountId: string): Promise<void> {
    for (const provider of PROVIDER_NAMES) {
      const { credentials, numbers } = demoAccount(provider);
      await this.accounts.put(accountId, provider, credentials);
      for (const e164 of numbers) await this.register(accountId, provider, e164);
    }
    await this.ensureAgent(accountId);
  }

  /** Does in the simulated vendors' portals what the customer has to do there by hand. */
  async bindByHand(accountId: string, simulator: Simulator): Promise<void> {
    for (const provider of PROVIDER_NAMES) {
      const vendor: Vendor<unknown> = simulator[provider];
      const connection = vendor.bind && (await this.providers.connection(accountId, provider));
      if (!connection) continue;
      const { route } = this.providers.capabilities(provider);
      for (const e164 of demoAccount(provider).numbers) {
        const { inboundKey } = connection;
        const url = route
          ? this.providers.inboundUrl(provider, inboundKey)
          : this.providers.numberInboundUrl(provider, inboundKey, e164);
        vendor.bind?.(e164, url);
      }
    }
  }

  /** The agent to show: the first there is, or a new one. */
  async ensureAgent(accountId: string): Promise<string> {
    const { items } = await this.agents.list(accountId, { limit: 1 });
    const [first] = items;
    if (first) return first.agent_id;
    const agent = await this.agents.create(accountId, {
      agent_name: 'Front desk',
      greeting: 'Hello, how can I help you?',
      connect: { type: 'websocket', url: 'wss://agent.example.com/media' },
    });
    return agent.agent_id;
  }

  private async register(accountId: string, provider: ProviderName, phoneNumber: string): Promise<void> {
    try {
      await this.numbers.register(accountId, { provider, phone_number: phoneNumber });
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== 'NUMBER_EXISTS') throw error;
    }
    // Nobody can call a number that exists only here, so the demo takes the first call as had.
    if (!this.providers.capabilities(provider).route) {
      await this.numbers.markProven(accountId, phoneNumber, systemClock.now());
    }
  }
}
