import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock';
import { Database } from '../database/database';
import type { ProviderClient } from '../providers/contract/provider-adapter';
import { ProviderError } from '../providers/contract/provider-error';
import type { RouteTarget } from '../providers/contract/route';
import { ProvidersService } from '../providers/providers.service';
import { failed, NOT_CONFIGURED } from './route-outcome';
import type { RouteOutcome, RouteWork } from './route-work';
import { RouteWorkRepository } from './route-work.repository';

/** An attempt ends so long before its claim lapses, in milliseconds, that its outcome can still be written. */
const MARGIN_MS = 2_000;

/** One try to make the provider match a claimed row. Repeating it is harmless. */
@Injectable()
export class RouteAttempt {
  private readonly logger = new Logger(RouteAttempt.name);

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly repository: RouteWorkRepository,
    private readonly providers: ProvidersService,
  ) {}

  async make(work: RouteWork): Promise<RouteOutcome> {
    try {
      const connection = await this.providers.connection(work.accountId, work.provider);
      if (!connection) return NOT_CONFIGURED;
      const target = this.providers.routeTarget(work.provider, connection.inboundKey);
      return await this.withinClaim(connection.client, work, target);
    } catch (error) {
      if (!(error instanceof ProviderError))
        this.logger.error({ err: error, phone_number: work.e164 }, 'Attempt failed');
      return failed(error, work.attempts);
    }
  }

  private async withinClaim(client: ProviderClient, work: RouteWork, target: RouteTarget): Promise<RouteOutcome> {
    const left = work.claimedUntil - MARGIN_MS - this.clock.now();
    if (left <= 0) return { kind: 'claim_lost' };
    const signal = AbortSignal.timeout(left);
    return work.agentId !== null
      ? this.take(client, work, target, signal)
      : this.giveBack(client, work, target, signal);
  }

  private async take(
    client: ProviderClient,
    work: RouteWork,
    target: RouteTarget,
    signal: AbortSignal,
  ): Promise<RouteOutcome> {
    const current = await client.readRoute(reference(work), signal);
    const { providerNumberId } = current;
    if (!current.matches(target)) {
      // Before the first change of ours, and only then, the provider still shows what is to be given back.
      const isFirst = work.formerRoute === null && work.routeUrl === null;
      if (isFirst && !(await this.saveFormerRoute(work, current.snapshot))) return { kind: 'claim_lost' };
      await client.route({ phoneNumber: work.e164, providerNumberId }, target, signal);
    }
    return { kind: 'confirmed', providerNumberId, routeUrl: target.answerUrl };
  }

  private async giveBack(
    client: ProviderClient,
    work: RouteWork,
    target: RouteTarget,
    signal: AbortSignal,
  ): Promise<RouteOutcome> {
    try {
      await client.unroute(reference(work), work.formerRoute, [target, toldTarget(work, target)], signal);
      return { kind: 'confirmed', providerNumberId: work.providerNumberId, routeUrl: null };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'not_owned') throw error;
      return { kind: 'confirmed', providerNumberId: null, routeUrl: null };
    }
  }

  private saveFormerRoute(work: RouteWork, snapshot: RouteWork['formerRoute'] & object): Promise<boolean> {
    return this.database.transaction((manager) => this.repository.saveFormerRoute(manager, work, snapshot));
  }
}

/** What the provider was last told, which is another target than now if the public URL has changed since. */
function toldTarget({ routeUrl }: RouteWork, target: RouteTarget): RouteTarget {
  if (routeUrl === null) return target;
  return { answerUrl: routeUrl, statusUrl: routeUrl + target.statusUrl.slice(target.answerUrl.length) };
}

function reference({ e164, providerNumberId }: RouteWork): { phoneNumber: string; providerNumberId: string | null } {
  return { phoneNumber: e164, providerNumberId };
}
