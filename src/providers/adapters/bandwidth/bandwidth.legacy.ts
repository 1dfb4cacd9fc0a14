import { ProviderError } from '../../contract/provider-error';
import type { RouteSnapshot } from '../../contract/route';
import { notOwned, notUnderstood } from './bandwidth.error';
import type { BandwidthLocations } from './bandwidth.location';
import type { Location, MoveOrders } from './bandwidth.move-order';
import type { BandwidthNumbers } from './bandwidth.numbers';
import type { BandwidthRouting, Place } from './bandwidth.routing';
import type { Made } from './bandwidth.shared';

/** "The site id was not supplied or is invalid", and the same of the SIP peer. */
const NO_SUCH_LOCATION = ['7309', '7312'];

interface Located extends Location {
  readonly routePlan: string | null;
}

/** Accounts without voice configuration packages: a number is in a location, whose calls go to one application. */
export class LegacyRouting implements BandwidthRouting {
  constructor(
    private readonly locations: BandwidthLocations,
    private readonly numbers: BandwidthNumbers,
    private readonly orders: MoveOrders,
  ) {}

  async prepare(made: Made, applicationId: string, signal: AbortSignal | undefined): Promise<Made> {
    const location = await this.locations.ensure(made, signal);
    await this.locations.bind(location, applicationId, signal);
    return location;
  }

  async applicationOf(made: Made, signal: AbortSignal | undefined): Promise<string | null> {
    const location = locationOf(made);
    return location && this.locations.isWanted(location) ? this.locations.applicationOf(location, signal) : null;
  }

  async read(phoneNumber: string, made: Made, signal: AbortSignal | undefined): Promise<Place> {
    const { siteId, sipPeerId, routePlan } = await this.located(phoneNumber, signal);
    return {
      snapshot: { kind: 'legacy', site_id: siteId, sip_peer_id: sipPeerId, origination_route_plan: routePlan },
      isOurs: isAt({ siteId, sipPeerId }, locationOf(made)),
      isOpen: routePlan === null,
    };
  }

  /** A route plan of the number's own would keep its calls from our application, and is not ours to take away. */
  async take(phoneNumber: string, made: Made, signal: AbortSignal | undefined): Promise<void> {
    const to = locationOf(made);
    if (!to) throw notUnderstood();
    const { routePlan } = await this.located(phoneNumber, signal);
    if (routePlan !== null) {
      throw new ProviderError(
        'permanent',
        'The number has an origination route plan of its own, which overrides the location; remove it at Bandwidth',
      );
    }
    await this.move(phoneNumber, to, signal);
  }

  /** Every number is in some location, so without a former one it goes to the default of the sub-account. */
  async giveBack(
    phoneNumber: string,
    former: RouteSnapshot | null,
    made: Made,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const ours = locationOf(made);
    if (!ours || !isAt(await this.located(phoneNumber, signal), ours)) return;
    const { site_id: siteId, sip_peer_id: sipPeerId } = former ?? {};
    const before = siteId && sipPeerId ? { siteId, sipPeerId } : null;
    if (before && !isAt(before, ours) && (await this.isMoved(phoneNumber, before, signal))) return;
    const to = await this.locations.defaultBeside(ours, signal);
    if (!to) {
      throw new ProviderError(
        'permanent',
        'The number was in no other location that is still there, and the sub-account has no default one to give it to',
      );
    }
    await this.move(phoneNumber, to, signal);
  }

  /** False where the location is no more. */
  private async isMoved(phoneNumber: string, to: Location, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await this.move(phoneNumber, to, signal);
      return true;
    } catch (error) {
      if (error instanceof ProviderError && NO_SUCH_LOCATION.includes(error.vendorCode ?? '')) return false;
      throw error;
    }
  }

  private async move(phoneNumber: string, to: Location, signal: AbortSignal | undefined): Promise<void> {
    if (isAt(await this.located(phoneNumber, signal), to)) return;
    const isSettled = await this.orders.settle(phoneNumber, signal);
    if (isSettled && isAt(await this.located(phoneNumber, signal), to)) return;
    await this.orders.move(phoneNumber, to, signal);
    if (!isAt(await this.located(phoneNumber, signal), to)) {
      throw new ProviderError('transient', 'Bandwidth has moved the number but still shows it elsewhere');
    }
  }

  private async located(phoneNumber: string, signal: AbortSignal | undefined): Promise<Located> {
    const details = await this.numbers.find(phoneNumber, signal);
    if (!details) throw notOwned();
    const { siteId, sipPeerId, routePlan } = details;
    if (siteId === null || sipPeerId === null) throw notUnderstood();
    return { siteId, sipPeerId, routePlan };
  }
}

function locationOf({ siteId, sipPeerId }: Made): Location | null {
  return siteId !== undefined && sipPeerId !== undefined ? { siteId, sipPeerId } : null;
}

function isAt(location: Location, other: Location | null): boolean {
  return other !== null && location.siteId === other.siteId && location.sipPeerId === other.sipPeerId;
}
