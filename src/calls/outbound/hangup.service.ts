import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { AppError } from '../../common/errors/app-error';
import { isId } from '../../common/ids';
import { Database } from '../../database/database';
import { ProviderError } from '../../providers/contract/provider-error';
import { ProvidersService } from '../../providers/providers.service';
import type { Call } from '../call';
import { callNotFound } from '../call-list';
import { isUnderWay } from '../call-state';
import { CallsRepository } from '../record/calls.repository';
import { unavailable } from './placement-failure';
import { PlacementRepository } from './placement.repository';

/** How long a provider may take, in milliseconds. */
const LIMIT_MS = 10_000;
/** How long its word of the end is waited for before it is asked, in milliseconds. */
const CHECK_MS = 10_000;
const RETRY_AFTER_S = 2;

/** Ends calls. That they have ended, and when, is told by their provider. */
@Injectable()
export class HangupService {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly calls: CallsRepository,
    private readonly placements: PlacementRepository,
    private readonly providers: ProvidersService,
  ) {}

  /**
   * @returns the call as it is now; one that has ended already stays as it is
   * @throws AppError `CALL_NOT_FOUND`, `HANGUP_NOT_SUPPORTED`, `CALL_NOT_PLACED_YET`, `CALL_REFUSED`, `PROVIDER_UNAVAILABLE`
   */
  async hangUp(accountId: string, callId: string): Promise<Call> {
    const call = (isId('call', callId) && (await this.find(accountId, callId))) || callNotFound(callId);
    if (!isUnderWay(call.status)) return call;
    if (this.isBridged(call)) await this.askOurselves(call);
    else await this.askProvider(call);
    return (await this.find(accountId, callId)) ?? call;
  }

  private find(accountId: string, callId: string): Promise<Call | null> {
    return this.database.read((manager) => this.calls.find(manager, accountId, callId));
  }

  /** Its media goes through one of our processes, which looks every second. */
  private isBridged({ provider, direction }: Call): boolean {
    return direction === 'inbound' && this.providers.adapter(provider).answer === null;
  }

  private async askOurselves({ callId }: Call): Promise<void> {
    const at = this.clock.now();
    await this.database.transaction((manager) => this.placements.askForHangup(manager, callId, at));
  }

  private async askProvider(call: Call): Promise<void> {
    const { accountId, provider, providerCallId, e164, farEnd, callId } = call;
    if (!this.providers.capabilities(provider).hangup) throw new AppError('HANGUP_NOT_SUPPORTED');
    if (providerCallId === null) throw new AppError('CALL_NOT_PLACED_YET', { retryAfterS: RETRY_AFTER_S });
    const connection = await this.providers.connection(accountId, provider);
    if (connection?.providerAccountId !== call.providerAccountId) throw new AppError('PROVIDER_NOT_CONFIGURED');
    try {
      const signal = AbortSignal.timeout(LIMIT_MS);
      await connection.client.hangup({ providerCallId, ownNumber: e164, farEnd }, signal);
    } catch (error) {
      throw told(error);
    }
    const at = this.clock.now() + CHECK_MS;
    await this.database.transaction((manager) => this.placements.checkAt(manager, callId, at));
  }
}

function told(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  return error.isRetryable ? unavailable(error) : new AppError('CALL_REFUSED', { cause: error });
}
