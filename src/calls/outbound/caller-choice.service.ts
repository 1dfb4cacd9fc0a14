import { Inject, Injectable } from '@nestjs/common';
import { countryOf } from '../../common/e164';
import { AppError, type ErrorDetail } from '../../common/errors/app-error';
import { PROVIDER_NAMES } from '../../common/provider-name';
import { Database } from '../../database/database';
import type { ProviderConnection } from '../../providers/provider-connection';
import { ProvidersService } from '../../providers/providers.service';
import { type CallerNumber, CallerNumbersRepository } from './caller-numbers.repository';

export interface WantedCaller {
  readonly accountId: string;
  readonly agentId: string;
  /** Who is called, E.164. */
  readonly to: string;
  /** One of the agent's numbers, E.164; left out, the best one is chosen. */
  readonly from?: string;
}

/** A number to call from, and its provider. */
export interface Caller {
  readonly e164: string;
  readonly connection: ProviderConnection;
}

/** Chooses the number that a call is made from. */
@Injectable()
export class CallerChoice {
  constructor(
    @Inject(Database) private readonly database: Database,
    private readonly numbers: CallerNumbersRepository,
    private readonly providers: ProvidersService,
  ) {}

  /**
   * @returns the numbers to try, the best first; none where each of them is at its limit
   * @throws AppError `NUMBER_NOT_ATTACHED`, `CALLS_NOT_SUPPORTED`, `PROVIDER_NOT_CONFIGURED`
   */
  async find(wanted: WantedCaller): Promise<Caller[]> {
    const numbers = wanted.from === undefined ? await this.free(wanted) : [await this.given(wanted, wanted.from)];
    const callers: Caller[] = [];
    for (const { e164, provider } of numbers) {
      const connection = await this.providers.connection(wanted.accountId, provider);
      if (connection) callers.push({ e164, connection });
    }
    if (numbers.length > 0 && callers.length === 0) throw new AppError('PROVIDER_NOT_CONFIGURED');
    return callers;
  }

  private async given({ accountId, agentId }: WantedCaller, from: string): Promise<CallerNumber> {
    const own = await this.database.read((manager) => this.numbers.ofAgent(manager, accountId, agentId, from));
    if (!own) throw notAttached({ field: 'from', message: "from is not one of the agent's", value: from });
    if (!this.canCall(own.provider)) throw new AppError('CALLS_NOT_SUPPORTED');
    return own;
  }

  private async free({ accountId, agentId, to }: WantedCaller): Promise<CallerNumber[]> {
    const able = PROVIDER_NAMES.filter((provider) => this.canCall(provider));
    const { free, providers } = await this.database.read(async (manager) => {
      const free = await this.numbers.free(manager, accountId, agentId, able, countryOf(to));
      return { free, providers: free.length > 0 ? able : await this.numbers.providersOf(manager, accountId, agentId) };
    });
    if (providers.length === 0)
      throw notAttached({ field: 'agent_id', message: 'The agent has no active phone number' });
    if (!providers.some((provider) => this.canCall(provider))) throw new AppError('CALLS_NOT_SUPPORTED');
    return free;
  }

  private canCall(provider: CallerNumber['provider']): boolean {
    return this.providers.capabilities(provider).call;
  }
}

/** Elsewhere it is a conflict with how things are; here the request asks for what there is not. */
function notAttached(detail: ErrorDetail): AppError {
  return new AppError('NUMBER_NOT_ATTACHED', { status: 422, details: [detail] });
}
