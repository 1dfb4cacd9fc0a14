import { Injectable } from '@nestjs/common';
import { AgentsService } from '../agents/agents.service';
import { AppError } from '../common/errors/app-error';
import { systemClock } from '../common/clock';
import { PhoneNumbersService } from '../phone-numbers/phone-numbers.service';
import { ProviderAccountsService } from '../providers/provider-accounts.service';
import type { ProviderName } from '../providers/provider-name';
import { DEMO_SAN, DEMO_TWILIO } from '../simulator/demo-seed';

const TWILIO_NUMBERS = [
  '+12025551234',
  '+14165551234',
  '+442012345678',
  '+61212345678',
  '+6512345678',
  '+971501234567',
];
const SAN_NUMBERS = ['+918062810341', '+918062810342', '+918062810343', '+918062810344'];

/** Fills the demo's account: both providers, an agent and ten numbers. Harmless to repeat after a crash half-way. */
@Injectable()
export class DemoSeeder {
  constructor(
    private readonly providers: ProviderAccountsService,
    private readonly numbers: PhoneNumbersService,
    private readonly agents: AgentsService,
  ) {}

  async seed(accountId: string): Promise<void> {
    await this.providers.put(accountId, 'twilio', {
      account_sid: DEMO_TWILIO.sid,
      auth_token: DEMO_TWILIO.auth_token,
    });
    await this.providers.put(accountId, 'san', {
      base_url: 'https://demo.sansoftwares.com/pbxadmin/sanpbxapi',
      access_token: DEMO_SAN.access_token,
      access_key: DEMO_SAN.access_key,
      app_id: String(DEMO_SAN.app_id),
    });
    for (const e164 of TWILIO_NUMBERS) await this.register(accountId, 'twilio', e164);
    for (const e164 of SAN_NUMBERS) {
      await this.register(accountId, 'san', e164);
      // Nobody can call a number that exists only here, so the demo takes the first call as had.
      await this.numbers.markProven(accountId, e164, systemClock.now());
    }
    await this.ensureAgent(accountId);
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
  }
}
