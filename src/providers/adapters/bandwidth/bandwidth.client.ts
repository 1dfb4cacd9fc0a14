import { type Clock, systemClock } from '../../../common/clock';
import type { CallReport, LiveCall, OutboundCall, PlacedCall, SoughtCall } from '../../contract/call';
import type { VendorHttp } from '../../contract/http';
import type { ProviderClient, VerificationResult } from '../../contract/provider-adapter';
import type {
  CurrentRoute,
  NumberPage,
  NumberReference,
  OwnedNumber,
  RouteSnapshot,
  RouteTarget,
} from '../../contract/route';
import type { SharedResources } from '../../contract/shared-resources';
import { beforeTheCall } from '../../support/before-the-call';
import { BandwidthApi } from './bandwidth.api';
import { BandwidthApplications, type MadeApplication, sameTarget } from './bandwidth.application';
import { BandwidthAuth } from './bandwidth.auth';
import { BandwidthCallReader } from './bandwidth.call-reader';
import { BandwidthCalls } from './bandwidth.calls';
import type { BandwidthCredentials } from './bandwidth.credentials';
import { notUnderstood, refused } from './bandwidth.error';
import { LegacyRouting } from './bandwidth.legacy';
import { BandwidthLocations } from './bandwidth.location';
import { MoveOrders } from './bandwidth.move-order';
import { BandwidthNumbers } from './bandwidth.numbers';
import { Patience, realSleep, type Sleep } from './bandwidth.patience';
import type { BandwidthRouting } from './bandwidth.routing';
import { type AccountKind, type Made, madeOf, valuesOf } from './bandwidth.shared';
import { UniversalRouting } from './bandwidth.universal';

/** One Bandwidth account, of either kind. */
export class BandwidthClient implements ProviderClient {
  private readonly api: BandwidthApi;
  private readonly heldNumbers: BandwidthNumbers;
  private readonly applications: BandwidthApplications;
  private readonly calls: BandwidthCalls;
  private readonly callReader: BandwidthCallReader;
  private readonly routings: Readonly<Record<AccountKind, BandwidthRouting>>;

  constructor(
    credentials: BandwidthCredentials,
    http: VendorHttp,
    private readonly shared: SharedResources,
    clock: Clock = systemClock,
    sleep: Sleep = realSleep,
  ) {
    const { name } = shared;
    const patience = new Patience(clock, sleep);
    this.api = new BandwidthApi(credentials.account_id, new BandwidthAuth(credentials, http, clock), http);
    this.heldNumbers = new BandwidthNumbers(this.api);
    this.applications = new BandwidthApplications(this.api);
    this.calls = new BandwidthCalls(this.api);
    this.callReader = new BandwidthCallReader(this.api);
    this.routings = {
      universal: new UniversalRouting(name, this.api, this.heldNumbers, patience),
      legacy: new LegacyRouting(
        new BandwidthLocations(name, credentials, this.api),
        this.heldNumbers,
        new MoveOrders(name, this.api, patience),
      ),
    };
  }

  /** The roles for voice and for numbers are given separately, so each is proven. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    await this.calls.verify(signal);
    await this.heldNumbers.verify(signal);
    return { verified: true };
  }

  numbers(after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage> {
    return this.heldNumbers.pages(after, signal);
  }

  async find(phoneNumber: string, signal?: AbortSignal): Promise<OwnedNumber | null> {
    const found = await this.heldNumbers.find(phoneNumber, signal);
    return found && { phoneNumber: found.phoneNumber, providerNumberId: null };
  }

  async readRoute({ phoneNumber }: NumberReference, signal?: AbortSignal): Promise<CurrentRoute> {
    const made = madeOf(await this.shared.read());
    const { snapshot, isOurs, isOpen } = await (await this.routing(made, signal)).read(phoneNumber, made, signal);
    const leadsTo = isOurs && isOpen ? await this.leadsTo(made, signal) : null;
    return { providerNumberId: null, snapshot, matches: (target) => sameTarget(leadsTo, target) };
  }

  async route({ phoneNumber }: NumberReference, target: RouteTarget, signal?: AbortSignal): Promise<void> {
    const made = await this.ready(target, signal);
    await (await this.routing(made, signal)).take(phoneNumber, made, signal);
  }

  /** What is ours is told by the package or the location, not by URLs, which a number does not have. */
  async unroute(
    { phoneNumber }: NumberReference,
    former: RouteSnapshot | null,
    _ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void> {
    const made = madeOf(await this.shared.read());
    await (await this.routing(made, signal)).giveBack(phoneNumber, former, made, signal);
  }

  async placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    const application = await this.application(call.target, signal).catch((error: unknown) => {
      throw beforeTheCall(error);
    });
    return this.calls.place(call, application, signal);
  }

  readCall(call: SoughtCall, signal?: AbortSignal): Promise<CallReport> {
    return this.callReader.read(call, signal);
  }

  hangup(call: LiveCall, signal?: AbortSignal): Promise<void> {
    return this.calls.hangUp(call, signal);
  }

  /** The application and the place of our numbers, leading to `target`. */
  private async ready(target: RouteTarget, signal: AbortSignal | undefined): Promise<Made> {
    const remembered = madeOf(await this.shared.read());
    if (remembered.kind && sameTarget(await this.leadsTo(remembered, signal), target)) return remembered;
    const values = await this.shared.ensure(async (before) => {
      const made = madeOf(before);
      const kind = made.kind ?? (await this.detect(signal));
      const application = await this.applications.ensure(made, this.shared.name, target, signal);
      const place = await this.routings[kind].prepare(made, application.applicationId, signal);
      return valuesOf({ ...made, kind, ...application, ...place }, before);
    }, signal);
    return madeOf(values);
  }

  /** The application alone, which is all that a call needs. */
  private async application(target: RouteTarget, signal: AbortSignal | undefined): Promise<MadeApplication> {
    const remembered = madeOf(await this.shared.read());
    const isRight = sameTarget(await this.applications.targetOf(remembered, signal), target);
    if (isRight) return madeApplication(remembered);
    const values = await this.shared.ensure(async (before) => {
      const made = madeOf(before);
      const application = await this.applications.ensure(made, this.shared.name, target, signal);
      return valuesOf({ ...made, ...application }, before);
    }, signal);
    return madeApplication(madeOf(values));
  }

  /** Where calls to our place go at present, through whatever was changed at Bandwidth meanwhile. */
  private async leadsTo(made: Made, signal: AbortSignal | undefined): Promise<RouteTarget | null> {
    if (made.applicationId === undefined) return null;
    const applicationId = await (await this.routing(made, signal)).applicationOf(made, signal);
    return applicationId === made.applicationId ? this.applications.targetOf(made, signal) : null;
  }

  private async routing(made: Made, signal: AbortSignal | undefined): Promise<BandwidthRouting> {
    return this.routings[made.kind ?? (await this.detect(signal))];
  }

  /** Only accounts of the Universal Platform may list voice configuration packages. */
  private async detect(signal: AbortSignal | undefined): Promise<AccountKind> {
    const url = this.api.platformUrl('/voiceConfigurationPackages');
    const response = await this.api.send({ method: 'GET', url, signal });
    if (response.status === 403 || response.status === 404) return 'legacy';
    if (response.status >= 300) throw refused('to list its voice configuration packages', response);
    return 'universal';
  }
}

function madeApplication({ applicationId, callback }: Made): MadeApplication {
  if (applicationId === undefined || callback === undefined) throw notUnderstood();
  return { applicationId, callback };
}
