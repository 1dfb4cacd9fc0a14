import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import { EventsRepository } from '../../events/events.repository';
import { statusChanges } from '../../phone-numbers/news/number-change';
import { NumberNews } from '../../phone-numbers/news/number-news';
import { ProviderError } from '../../providers/contract/provider-error';
import type { RouteSnapshot } from '../../providers/contract/route';
import { ProvidersService } from '../../providers/providers.service';
import { DriftRepository, ROUTE_DRIFTED, type SettledRoute } from './drift.repository';
import { recheckAt } from './recheck-time';

/** How many routes one turn reads. */
const BATCH = 8;
/** For one number, in milliseconds. */
const TIME_LIMIT_MS = 10_000;
/** When a number is looked at again whose turn was cut off, or whose provider could not be asked, in milliseconds. */
const SOON_MS = 60_000;

type Finding =
  | { readonly kind: 'as_told' }
  /** What the provider holds instead; `null` where the account holds the number no more. */
  | { readonly kind: 'drifted'; readonly found: RouteSnapshot | null }
  | { readonly kind: 'unknown' };

/**
 * Reads settled routes again at the provider. One that somebody has changed there becomes due for the reconciler, which puts
 * it right, and the change is recorded with both values.
 */
@Injectable()
export class DriftCheck {
  private readonly logger = new Logger(DriftCheck.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly repository: DriftRepository,
    private readonly events: EventsRepository,
    private readonly providers: ProvidersService,
    private readonly news: NumberNews,
  ) {}

  /** @returns how many routes were due */
  async checkDue(): Promise<number> {
    const now = this.clock.now();
    const until = now + SOON_MS;
    const due = await this.database.transaction((manager) => this.repository.takeDue(manager, BATCH, { now, until }));
    await Promise.all(due.map((route) => this.check(route)));
    return due.length;
  }

  private async check(route: SettledRoute): Promise<void> {
    const finding = await this.read(route);
    switch (finding.kind) {
      case 'as_told':
        return this.checkAgain(route);
      case 'drifted':
        return this.record(route, finding.found);
      case 'unknown':
        // Due again in a minute, as it was taken.
        return;
    }
  }

  private async read(route: SettledRoute): Promise<Finding> {
    const { accountId, provider, e164: phoneNumber, providerNumberId } = route;
    try {
      const connection = await this.providers.connection(accountId, provider);
      if (!connection) return { kind: 'unknown' };
      const signal = AbortSignal.timeout(TIME_LIMIT_MS);
      const current = await connection.client.readRoute({ phoneNumber, providerNumberId }, signal);
      const target = this.providers.routeTarget(provider, connection.inboundKey);
      return current.matches(target) ? { kind: 'as_told' } : { kind: 'drifted', found: current.snapshot };
    } catch (error) {
      if (error instanceof ProviderError) {
        return error.kind === 'not_owned' ? { kind: 'drifted', found: null } : { kind: 'unknown' };
      }
      this.logger.error({ err: error, phone_number: phoneNumber }, 'Route could not be read again');
      return { kind: 'unknown' };
    }
  }

  private async checkAgain(route: SettledRoute): Promise<void> {
    const at = recheckAt(this.clock.now(), this.config.routing.driftIntervalMs);
    if (at !== null) await this.database.transaction((manager) => this.repository.checkAgainAt(manager, route, at));
  }

  private async record(route: SettledRoute, found: RouteSnapshot | null): Promise<void> {
    const { accountId, e164, agentId, provider, routeUrl } = route;
    const occurredAt = this.clock.now();
    const isRaised = await this.database.transaction(async (manager) => {
      if (!(await this.repository.raise(manager, route, occurredAt))) return false;
      const about = { accountId, e164, agentId, provider, occurredAt };
      const before = { answer_url: routeUrl };
      await this.events.append(manager, { ...about, type: 'number.route_drifted', before, after: found });
      const drifted = statusChanges('active', { ...route, status: 'pending', reason: ROUTE_DRIFTED });
      await this.news.tell(manager, accountId, drifted, occurredAt);
      return true;
    });
    if (isRaised) this.logger.warn({ phone_number: e164, provider }, 'Route was changed at the provider');
  }
}
