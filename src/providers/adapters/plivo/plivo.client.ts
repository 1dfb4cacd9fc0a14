import { type Clock, systemClock } from '../../../common/clock';
import type { CallReport, LiveCall, OutboundCall, PlacedCall, SoughtCall } from '../../contract/call';
import type { VendorHttp } from '../../contract/http';
import type { ProviderClient, VerificationResult } from '../../contract/provider-adapter';
import { ProviderError } from '../../contract/provider-error';
import type {
  CurrentRoute,
  NumberPage,
  NumberReference,
  OwnedNumber,
  RouteSnapshot,
  RouteTarget,
} from '../../contract/route';
import type { SharedResources } from '../../contract/shared-resources';
import { digitsOf } from '../../support/phone-format';
import { notUnderstood, PlivoApi, requestRefused } from './plivo.api';
import { PlivoApplications, reaches } from './plivo.application';
import { PlivoCallReader } from './plivo.call-reader';
import { PlivoCalls } from './plivo.calls';
import type { PlivoCredentials } from './plivo.credentials';
import { parsePlivoNumber, type PlivoNumber } from './plivo.number';

/**
 * Plivo's numbers lead to applications, which hold the URLs. A number is never deleted, which would give it back to Plivo.
 * Sources: https://www.plivo.com/docs/numbers/api/account-phone-number and
 * https://www.plivo.com/docs/account/api/application
 */
export class PlivoClient implements ProviderClient {
  private readonly api: PlivoApi;
  private readonly applications: PlivoApplications;
  private readonly calls: PlivoCalls;
  private readonly reader: PlivoCallReader;

  constructor(
    credentials: PlivoCredentials,
    http: VendorHttp,
    private readonly shared: SharedResources,
    clock: Clock = systemClock,
  ) {
    this.api = new PlivoApi(credentials, http);
    this.applications = new PlivoApplications(this.api, shared.name);
    this.calls = new PlivoCalls(this.api);
    this.reader = new PlivoCallReader(this.api, clock);
  }

  /** Lists numbers, which subaccounts may as well as main accounts. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    await this.api.page('Number/', 0, signal);
    return { verified: true };
  }

  async *numbers(after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage> {
    for (let offset: number | null = offsetOf(after); offset !== null;) {
      const page = await this.api.page('Number/', offset, signal);
      offset = page.next;
      yield { numbers: page.objects.flatMap(owned), next: offset === null ? null : String(offset) };
    }
  }

  async find(phoneNumber: string, signal?: AbortSignal): Promise<OwnedNumber | null> {
    const number = await this.lookUp(phoneNumber, signal);
    return number && { phoneNumber, providerNumberId: null };
  }

  async readRoute({ phoneNumber }: NumberReference, signal?: AbortSignal): Promise<CurrentRoute> {
    const number = await this.held(phoneNumber, signal);
    const { appId, objectType, objectId } = number;
    const application = leadsToTrunk(number) || !appId ? null : await this.applications.read(appId, signal);
    return {
      providerNumberId: null,
      snapshot: { app_id: appId, object_type: objectType, object_id: objectId },
      matches: (target) => application !== null && reaches(application, target),
    };
  }

  async route({ phoneNumber }: NumberReference, target: RouteTarget, signal?: AbortSignal): Promise<void> {
    const { app_id: appId } = await this.shared.ensure(
      (remembered) => this.applications.ensure(remembered, target, signal),
      signal,
    );
    if (!appId) throw notUnderstood();
    if (!(await this.assign(phoneNumber, appId, signal))) throw requestRefused(400);
    const number = await this.held(phoneNumber, signal);
    if (number.appId !== appId || leadsToTrunk(number)) {
      throw new ProviderError('transient', 'Plivo took the route but still shows another one');
    }
  }

  /**
   * An application that is gone by now cannot be given back, so the number is cleared then. A cleared number may be given
   * the account's default application by Plivo, which is as it should be.
   */
  async unroute(
    { phoneNumber }: NumberReference,
    former: RouteSnapshot | null,
    _ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void> {
    const number = await this.held(phoneNumber, signal);
    if (number.appId === null || !(await this.isOurs(number.appId, signal))) return;

    const formerId = former?.object_type === 'trunk' ? (former.object_id ?? null) : (former?.app_id ?? null);
    const wanted = formerId === number.appId ? null : formerId;
    const isRestored = wanted !== null && (await this.giveBack(phoneNumber, wanted, signal));
    if (!isRestored && !(await this.assign(phoneNumber, '', signal))) throw requestRefused(400);

    const after = await this.held(phoneNumber, signal);
    if (after.appId === number.appId || (isRestored && after.appId !== wanted && after.objectId !== wanted)) {
      throw new ProviderError('transient', 'Plivo took the former route but still shows another one');
    }
  }

  placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    return this.calls.place(call, signal);
  }

  readCall(call: SoughtCall, signal?: AbortSignal): Promise<CallReport> {
    return this.reader.read(call, signal);
  }

  hangup({ providerCallId }: LiveCall, signal?: AbortSignal): Promise<void> {
    return this.calls.hangup(providerCallId, signal);
  }

  private async lookUp(phoneNumber: string, signal: AbortSignal | undefined): Promise<PlivoNumber | null> {
    const item = await this.api.read(numberPath(phoneNumber), signal);
    if (item === null) return null;
    const number = parsePlivoNumber(item);
    if (!number) throw notUnderstood();
    return number.phoneNumber === phoneNumber ? number : null;
  }

  private async held(phoneNumber: string, signal: AbortSignal | undefined): Promise<PlivoNumber> {
    const number = await this.lookUp(phoneNumber, signal);
    if (!number)
      throw new ProviderError('not_owned', 'The Plivo account does not hold the number', { httpStatus: 404 });
    return number;
  }

  /**
   * Sends `app_id` in any case: without it Plivo takes the account's default application.
   * @returns false where Plivo refuses the application; throws `not_owned` where it is the number that is missing
   */
  private async assign(phoneNumber: string, appId: string, signal: AbortSignal | undefined): Promise<boolean> {
    const json = { app_id: appId };
    const { status } = await this.api.ask(numberPath(phoneNumber), { method: 'POST', json, signal });
    if (status < 300) return true;
    await this.held(phoneNumber, signal);
    return false;
  }

  /** @returns false where there is no such application any more */
  private async giveBack(phoneNumber: string, appId: string, signal: AbortSignal | undefined): Promise<boolean> {
    if (await this.assign(phoneNumber, appId, signal)) return true;
    if (await this.applications.read(appId, signal)) throw requestRefused(400);
    return false;
  }

  private async isOurs(appId: string, signal: AbortSignal | undefined): Promise<boolean> {
    const remembered = await this.shared.read();
    if (appId === remembered?.app_id) return true;
    return (await this.applications.read(appId, signal))?.name === this.shared.name;
  }
}

function owned(item: unknown): OwnedNumber[] {
  const number = parsePlivoNumber(item);
  if (!number) throw notUnderstood();
  return number.phoneNumber === null ? [] : [{ phoneNumber: number.phoneNumber, providerNumberId: null }];
}

function leadsToTrunk({ objectType, objectId }: PlivoNumber): boolean {
  return objectType === 'trunk' && objectId !== null;
}

function numberPath(phoneNumber: string): `${string}/` {
  return `Number/${digitsOf(phoneNumber)}/`;
}

function offsetOf(cursor: string | null): number {
  if (cursor === null) return 0;
  if (!/^\d{1,9}$/.test(cursor)) throw new ProviderError('permanent', 'This is no place in the list of Plivo numbers');
  return Number(cursor);
}
