import { Injectable } from '@nestjs/common';
import type { ProviderName } from '../common/provider-name';
import { ProvidersService } from '../providers/providers.service';
import type { NumberRow, NumberState } from './number-state';

/** How numbers stand, as the client is told. */
@Injectable()
export class NumberStates {
  constructor(private readonly providers: ProvidersService) {}

  /** In the order of `numbers`, without those that have no row. */
  async of(
    accountId: string,
    numbers: readonly string[],
    rows: ReadonlyMap<string, NumberRow>,
  ): Promise<NumberState[]> {
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
