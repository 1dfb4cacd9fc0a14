import { isE164 } from '../../../common/e164';
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
import { beforeTheCall } from '../../support/before-the-call';
import type { JsonRecord } from '../../support/json';
import { digitsOf } from '../../support/phone-format';
import { TelnyxAccountNames } from './telnyx.account-names';
import { notUnderstood, TelnyxApi } from './telnyx.api';
import { leadsTo } from './telnyx.application';
import { TelnyxApplications } from './telnyx.applications';
import { TelnyxCallReader } from './telnyx.call-reader';
import { TelnyxCalls } from './telnyx.calls';
import type { TelnyxCredentials } from './telnyx.credentials';
import { isHeld, obstacle, parseTelnyxNumber, type TelnyxNumber } from './telnyx.number';

const NUMBERS = '/phone_numbers';
/** "Associated resource does not exist" */
const NO_SUCH_CONNECTION = '10017';

/**
 * Telnyx: a number's calls go to the connection that it is on, and the account's numbers share a TeXML application for one.
 * Sources: https://developers.telnyx.com/api-reference/phone-number-configurations/list-phone-numbers and the `telnyx` SDK
 */
export class TelnyxClient implements ProviderClient {
  private readonly api: TelnyxApi;
  private readonly applications: TelnyxApplications;
  private readonly calls: TelnyxCalls;
  private readonly callReader: TelnyxCallReader;

  constructor(credentials: TelnyxCredentials, http: VendorHttp, shared: SharedResources) {
    this.api = new TelnyxApi(credentials, http);
    this.applications = new TelnyxApplications(this.api, shared);
    const accounts = new TelnyxAccountNames(this.api);
    this.calls = new TelnyxCalls(this.api, accounts);
    this.callReader = new TelnyxCallReader(this.api, accounts);
  }

  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    if (!(await this.api.data('/balance', { method: 'GET', signal }))) throw notUnderstood();
    return { verified: true };
  }

  /** Sorted by number, so that buying some meanwhile does not move those that come later to an earlier page. */
  async *numbers(after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage> {
    for (let page: number | null = pageNumber(after); page !== null;) {
      const { items, next } = await this.api.page(NUMBERS, { sort: 'phone_number' }, page, signal);
      const numbers = items.map(understood).filter((number) => isHeld(number) && isE164(number.phoneNumber));
      yield { numbers: numbers.map(owned), next: next === null ? null : String(next) };
      page = next;
    }
  }

  async find(phoneNumber: string, signal?: AbortSignal): Promise<OwnedNumber | null> {
    const number = await this.lookUp(phoneNumber, signal);
    return number && owned(number);
  }

  async readRoute(reference: NumberReference, signal?: AbortSignal): Promise<CurrentRoute> {
    const number = await this.held(reference, signal);
    const { id, connectionId } = number;
    const [voice, application] = await Promise.all([
      this.voice(id, signal),
      connectionId === null ? null : this.applications.read(connectionId, signal),
    ]);
    const isFree = obstacle(number, voice) === null;
    return {
      providerNumberId: id,
      snapshot: { connection_id: connectionId },
      matches: (target) => isFree && application !== null && leadsTo(application, target),
    };
  }

  async route(reference: NumberReference, target: RouteTarget, signal?: AbortSignal): Promise<void> {
    const number = await this.held(reference, signal);
    const hindrance = obstacle(number, await this.voice(number.id, signal));
    if (hindrance !== null) throw new ProviderError('permanent', `Telnyx would not route calls: ${hindrance}`);
    const { id } = await this.applications.ready(target, signal);
    await this.connect(number, id, signal);
  }

  async unroute(
    reference: NumberReference,
    former: RouteSnapshot | null,
    _ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void> {
    const number = await this.held(reference, signal);
    const current = number.connectionId;
    if (current === null || !(await this.applications.isShared(current, signal))) return;
    const before = former?.connection_id ?? null;
    await this.giveBack(number, before === current ? null : before, signal);
  }

  async placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    const application = await this.applications.readyToCall(call.target, signal).catch((error: unknown) => {
      throw beforeTheCall(error);
    });
    return this.calls.place(call, application.id, signal);
  }

  readCall(call: SoughtCall, signal?: AbortSignal): Promise<CallReport> {
    return this.callReader.read(call, signal);
  }

  hangup(call: LiveCall, signal?: AbortSignal): Promise<void> {
    return this.calls.hangup(call, signal);
  }

  private async held(reference: NumberReference, signal: AbortSignal | undefined): Promise<TelnyxNumber> {
    const { phoneNumber, providerNumberId: id } = reference;
    const known = id === null ? null : await this.item(id, signal);
    const isKnown = known !== null && known.phoneNumber === phoneNumber && isHeld(known);
    const number = isKnown ? known : await this.lookUp(phoneNumber, signal);
    if (!number) throw notOwned();
    return number;
  }

  /** The filter takes digits alone and finds parts of numbers, so what it finds is compared. */
  private async lookUp(phoneNumber: string, signal: AbortSignal | undefined): Promise<TelnyxNumber | null> {
    for await (const item of this.api.all(NUMBERS, { 'filter[phone_number]': digitsOf(phoneNumber) }, signal)) {
      const number = understood(item);
      if (number.phoneNumber === phoneNumber && isHeld(number)) return number;
    }
    return null;
  }

  private async item(id: string, signal: AbortSignal | undefined): Promise<TelnyxNumber | null> {
    const data = await this.api.data(numberPath(id), { method: 'GET', signal });
    return data && understood(data);
  }

  private async voice(id: string, signal: AbortSignal | undefined): Promise<JsonRecord> {
    const voice = await this.api.data(`${numberPath(id)}/voice`, { method: 'GET', signal });
    if (!voice) throw notOwned();
    return voice;
  }

  private async connect(number: TelnyxNumber, connectionId: string, signal: AbortSignal | undefined): Promise<void> {
    if (!(await this.isOn(number, connectionId, connectionId, signal))) throw notYet();
  }

  /** A connection that is no more cannot be given back, so the number is then left without one. */
  private async giveBack(
    number: TelnyxNumber,
    connectionId: string | null,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (connectionId === null) return this.clear(number, signal);
    try {
      await this.connect(number, connectionId, signal);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.vendorCode !== NO_SUCH_CONNECTION) throw error;
      await this.clear(number, signal);
    }
  }

  /** By an empty text or by `null`: which of the two it takes is not documented, and has changed. */
  private async clear(number: TelnyxNumber, signal: AbortSignal | undefined): Promise<void> {
    const isClear = await this.isOn(number, '', null, signal).catch((error: unknown) => {
      if (error instanceof ProviderError && error.kind === 'permanent') return false;
      throw error;
    });
    if (!isClear && !(await this.isOn(number, null, null, signal))) throw notYet();
  }

  /** Writes the connection and tells whether the number is then on `expected`; an answer that denies it is checked. */
  private async isOn(
    { id }: TelnyxNumber,
    written: string | null,
    expected: string | null,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const data = await this.api.data(numberPath(id), { method: 'PATCH', json: { connection_id: written }, signal });
    if (!data) throw notOwned();
    if (understood(data).connectionId === expected) return true;
    return (await this.item(id, signal))?.connectionId === expected;
  }
}

function numberPath(id: string): string {
  return `${NUMBERS}/${encodeURIComponent(id)}`;
}

function pageNumber(after: string | null): number {
  if (after === null) return 1;
  if (!/^[1-9]\d{0,8}$/.test(after)) throw new ProviderError('permanent', 'This is not where a page of numbers ended');
  return Number(after);
}

function owned({ phoneNumber, id }: TelnyxNumber): OwnedNumber {
  return { phoneNumber, providerNumberId: id };
}

function understood(item: unknown): TelnyxNumber {
  const number = parseTelnyxNumber(item);
  if (!number) throw notUnderstood();
  return number;
}

function notOwned(): ProviderError {
  return new ProviderError('not_owned', 'The Telnyx account does not hold the number', { httpStatus: 404 });
}

function notYet(): ProviderError {
  return new ProviderError('transient', 'Telnyx took the route but still shows another one');
}
