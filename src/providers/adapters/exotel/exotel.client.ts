import { type Clock, systemClock } from '../../../common/clock';
import type { CallReport, OutboundCall, PlacedCall, SoughtCall } from '../../contract/call';
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
import { ExotelApi, type ExotelRequest, notUnderstood, refused } from './exotel.api';
import { callForm, callSid } from './exotel.call';
import { ExotelCallReader } from './exotel.call-reader';
import type { ExotelCredentials } from './exotel.credentials';
import {
  currentRoute,
  DEFAULT_COUNTRY,
  type ExotelNumber,
  flowUrl,
  isFlow,
  ownedNumber,
  parseExotelNumber,
} from './exotel.number';
import { type ExotelPage, parsePage } from './exotel.page';

/** The documented size of a page; no larger one is documented. */
const PAGE_SIZE = 50;

/**
 * Exotel's ExoPhones and calls. Pages are asked for by number, since the links in them name an internal host. The filter by
 * number is not reliable, so a number is found by reading the list.
 * Sources: https://developer.exotel.com/api/exophone-details and https://developer.exotel.com/docs/exophones/overview
 */
export class ExotelClient implements ProviderClient {
  private readonly api: ExotelApi;
  private readonly calls: ExotelCallReader;

  constructor(
    private readonly credentials: ExotelCredentials,
    http: VendorHttp,
    clock: Clock = systemClock,
  ) {
    this.api = new ExotelApi(credentials, http);
    this.calls = new ExotelCallReader(this.api, credentials.country ?? DEFAULT_COUNTRY, clock);
  }

  /** Lists one number. An account of the other region is not known to this one. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    await this.page(0, 1, signal);
    return { verified: true };
  }

  async *numbers(after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage> {
    for await (const { numbers, next } of this.pages(after === null ? 0 : pageNumber(after), signal)) {
      const owned = numbers.map((number) => ownedNumber(number, this.credentials));
      yield {
        numbers: owned.filter((number) => number !== null),
        next: next === null ? null : String(next),
      };
    }
  }

  async find(phoneNumber: string, signal?: AbortSignal): Promise<OwnedNumber | null> {
    const number = await this.lookUp(phoneNumber, signal);
    return number && { phoneNumber, providerNumberId: number.sid };
  }

  async readRoute(number: NumberReference, signal?: AbortSignal): Promise<CurrentRoute> {
    return currentRoute(await this.held(number, signal), this.credentials);
  }

  /** Assigns the number to the flow, whose applets hold `target` by the customer's doing. */
  async route(number: NumberReference, _target: RouteTarget, signal?: AbortSignal): Promise<void> {
    const { account_sid: sid, app_id: appId } = this.credentials;
    if (!appId) {
      throw new ProviderError(
        'permanent',
        'Exotel routes numbers to a flow of the account: the credential app_id, the number of that flow, is missing',
      );
    }
    const updated = await this.assign(number, flowUrl(sid, appId), signal);
    if (!isFlow(updated.voiceUrl, sid, appId)) {
      throw new ProviderError('transient', 'Exotel took the flow but still shows another one');
    }
  }

  /** The flow is what every target had set, so it alone tells whether the number is still ours. */
  async unroute(
    number: NumberReference,
    former: RouteSnapshot | null,
    _ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { account_sid: sid, app_id: appId } = this.credentials;
    const held = await this.held(number, signal);
    const voiceUrl = former?.voice_url ?? '';
    if (!isFlow(held.voiceUrl, sid, appId) || isFlow(voiceUrl, sid, appId)) return;
    const updated = await this.assign({ ...number, providerNumberId: held.sid }, voiceUrl, signal);
    if (voiceUrl !== '' && isFlow(updated.voiceUrl, sid, appId)) {
      throw new ProviderError('transient', 'Exotel took the former flow but still shows ours');
    }
  }

  async placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    const form = callForm(call, this.credentials);
    const request: ExotelRequest = { method: 'POST', form, retry: 'never', signal };
    const response = await this.api.send(`${this.api.callsUrl}/connect.json`, request, 'permanent');
    const providerCallId = response && callSid(response.json);
    if (providerCallId) return { providerCallId };
    if (!response) throw refused(404, undefined, 'permanent');
    throw new ProviderError('transient', 'Exotel took the call but gave no identifier of it', {
      isOutcomeUnknown: true,
    });
  }

  readCall(call: SoughtCall, signal?: AbortSignal): Promise<CallReport> {
    return this.calls.read(call, signal);
  }

  hangup(): Promise<void> {
    const message = 'Exotel has no API that ends a call; it ends when the stream is closed and the flow is at its end';
    return Promise.reject(new ProviderError('permanent', message));
  }

  /** A sid that is gone, or is another number's, is looked up by number. */
  private async held(number: NumberReference, signal: AbortSignal | undefined): Promise<ExotelNumber> {
    const { phoneNumber, providerNumberId: sid } = number;
    const known = sid === null ? null : await this.item(sid, { method: 'GET', signal });
    const held = known && this.isNumber(known, phoneNumber) ? known : await this.lookUp(phoneNumber, signal);
    if (!held) throw notOwned();
    return held;
  }

  private isNumber(number: ExotelNumber, phoneNumber: string): boolean {
    return ownedNumber(number, this.credentials)?.phoneNumber === phoneNumber;
  }

  /** Sets the flow and tells what Exotel then shows, asking again where the answer does not. */
  private async assign(
    number: NumberReference,
    voiceUrl: string,
    signal: AbortSignal | undefined,
  ): Promise<ExotelNumber> {
    const call: ExotelRequest = { method: 'PUT', form: { VoiceUrl: voiceUrl }, signal };
    const known = number.providerNumberId && (await this.item(number.providerNumberId, call));
    const found = known ? null : await this.lookUp(number.phoneNumber, signal);
    const updated = known || (found && (await this.item(found.sid, call)));
    if (!updated) throw notOwned();
    return updated.voiceUrl === null ? this.held({ ...number, providerNumberId: updated.sid }, signal) : updated;
  }

  private async lookUp(phoneNumber: string, signal: AbortSignal | undefined): Promise<ExotelNumber | null> {
    for await (const { numbers } of this.pages(0, signal)) {
      const found = numbers.find((number) => this.isNumber(number, phoneNumber));
      if (found) return found;
    }
    return null;
  }

  private async *pages(first: number, signal: AbortSignal | undefined): AsyncIterable<ExotelPage> {
    let previous: ExotelPage | undefined;
    for (let number: number | null = first; number !== null;) {
      const page: ExotelPage = await this.page(number, PAGE_SIZE, signal);
      // A server that ignores the number of the page would be asked for ever.
      const [head] = page.numbers;
      if (head && previous?.numbers.some(({ sid }) => sid === head.sid)) throw notUnderstood();
      yield page;
      previous = page;
      number = page.next;
    }
  }

  private async page(number: number, size: number, signal: AbortSignal | undefined): Promise<ExotelPage> {
    const query = new URLSearchParams({ Page: String(number), PageSize: String(size) });
    const response = await this.api.list(`${this.api.numbersUrl}?${query.toString()}`, signal);
    const page = parsePage(response.json, number, size);
    if (!page) throw notUnderstood();
    return page;
  }

  private async item(sid: string, call: ExotelRequest): Promise<ExotelNumber | null> {
    const response = await this.api.send(`${this.api.numbersUrl}/${encodeURIComponent(sid)}`, call);
    if (!response) return null;
    const number = parseExotelNumber(response.json);
    if (!number) throw notUnderstood();
    return number;
  }
}

/** @throws ProviderError for a cursor that no page of ours has given */
function pageNumber(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw notUnderstood();
  return Number(cursor);
}

function notOwned(): ProviderError {
  return new ProviderError('not_owned', 'The Exotel account does not hold the number', { httpStatus: 404 });
}
