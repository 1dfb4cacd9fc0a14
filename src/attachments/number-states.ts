import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import type { ProviderName } from '../providers/provider-name';
import { ProvidersService } from '../providers/providers.service';
import { AttachmentsRepository } from './attachments.repository';
import type { NumberRow, NumberState } from './number-state';

/** How numbers stand, as the client is told. */
@Injectable()
export class NumberStates {
  constructor(
    @Inject(Database) private readonly database: Database,
    private readonly repository: AttachmentsRepository,
    private readonly providers: ProvidersService,
  ) {}

  /** In the order of `numbers`; @param known rows already at hand, read anew where left out */
  async of(
    accountId: string,
    numbers: readonly string[],
    known?: ReadonlyMap<string, NumberRow>,
  ): Promise<NumberState[]> {
    const rows =
      known ?? (await this.database.read((manager) => this.repository.readNumbers(manager, accountId, numbers)));
    const present = numbers.flatMap((e164) => rows.get(e164) ?? []);
    const keys = await this.inboundKeys(accountId, new Set(present.map(({ provider }) => provider)));
    return present.map((row) => this.state(row, keys.get(row.provider)));
  }

  private state(
    { e164, provider, status, reason, attachedAt }: NumberRow,
    inboundKey: string | undefined,
  ): NumberState {
    const state = { phoneNumber: e164, status, reason, attachedAt };
    return inboundKey ? { ...state, inboundUrl: this.providers.numberInboundUrl(provider, inboundKey, e164) } : state;
  }

  /** Only manual providers' numbers have an address of their own. */
  private async inboundKeys(
    accountId: string,
    providers: ReadonlySet<ProviderName>,
  ): Promise<Map<ProviderName, string>> {
    const keys = new Map<ProviderName, string>();
    for (const provider of providers) {
      if (this.providers.capabilities(provider).route) continue;
      const connection = await this.providers.connection(accountId, provider);
      if (connection) keys.set(provider, connection.inboundKey);
    }
    return keys;
  }
}
