import { Inject, Injectable } from '@nestjs/common';
import { toIso, toIsoOrNull } from '../common/clock';
import { Database } from '../database/database';
import { EventsRepository } from '../events/events.repository';
import { ProvidersService } from '../providers/providers.service';
import type { RoutePageDto } from './dto/route-page.dto';
import { InboundRequestsRepository } from './inbound-requests.repository';
import type { PhoneNumber } from './phone-number-record';
import { PhoneNumbersRepository } from './phone-numbers.repository';
import { notFound, readPhoneNumber } from './phone-numbers.service';

/** Gathers all that decides where a number's calls go. */
/** How many changes at the provider are told. */
const DRIFTS_SHOWN = 5;

@Injectable()
export class RoutePageService {
  constructor(
    @Inject(Database) private readonly database: Database,
    private readonly numbers: PhoneNumbersRepository,
    private readonly inboundRequests: InboundRequestsRepository,
    private readonly events: EventsRepository,
    private readonly providers: ProvidersService,
  ) {}

  /** @throws AppError `INVALID_PHONE_NUMBER_FORMAT`, `PHONE_NUMBER_NOT_FOUND` */
  async read(accountId: string, phoneNumber: string): Promise<RoutePageDto> {
    const e164 = readPhoneNumber(phoneNumber);
    const { number, agent, requests, drifts } = await this.database.read(async (manager) => {
      const number = (await this.numbers.findWithRoute(manager, accountId, e164)) ?? notFound(e164);
      const agent = number.agentId === null ? null : await this.numbers.findAgent(manager, accountId, number.agentId);
      const requests = await this.inboundRequests.recent(manager, accountId, e164);
      const drifts = await this.events.latestOfNumber(manager, accountId, e164, 'number.route_drifted', DRIFTS_SHOWN);
      return { number, agent, requests, drifts };
    });
    const inboundUrl = await this.inboundUrl(accountId, number);
    return {
      phone_number: e164,
      provider: number.provider,
      agent: agent && { agent_id: agent.agentId, agent_name: agent.agentName, status: agent.status },
      status: number.status,
      reason: number.reason,
      provider_route: {
        answer_url: number.routeUrl,
        confirmed_at: toIsoOrNull(number.routeConfirmedAt),
        generation: number.routeGeneration,
        confirmed_generation: number.confirmedGeneration,
        next_attempt_at: toIsoOrNull(number.routeDueAt),
        attempts: number.routeAttempts,
        last_error: number.routeError,
        former_route_saved: number.formerRouteSaved,
      },
      ...(inboundUrl === undefined ? {} : { inbound_url: inboundUrl }),
      proven_at: toIsoOrNull(number.provenAt),
      recent_drifts: drifts.map(({ occurredAt, before, after }) => ({
        at: toIso(occurredAt),
        expected: before,
        found: after,
      })),
      recent_requests: requests.map(({ at, verdict }) => ({ at: toIso(at), verdict })),
    };
  }

  /** Only where the number is bound by hand, and the account has a key to make the address with. */
  private async inboundUrl(accountId: string, { provider, e164 }: PhoneNumber): Promise<string | undefined> {
    if (this.providers.capabilities(provider).route) return undefined;
    const connection = await this.providers.connection(accountId, provider);
    return connection ? this.providers.numberInboundUrl(provider, connection.inboundKey, e164) : undefined;
  }
}
