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
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import { notUnderstood, TwilioApi, type TwilioRequest, unknownAccount, withinApi } from './twilio.api';
import { callForm, placedCall } from './twilio.call';
import { TwilioCallReader } from './twilio.call-reader';
import type { TwilioCredentials } from './twilio.credentials';
import { currentRoute, parseTwilioNumber, reaches, restoreForm, routeForm, type TwilioNumber } from './twilio.number';

const NUMBERS = 'IncomingPhoneNumbers';
const PAGE_SIZE = '1000';
const MAX_CURSOR_LENGTH = 1024;
/** https://www.twilio.com/docs/api/errors/21220 */
const CALL_NOT_IN_PROGRESS = '21220';

interface TwilioPage {
  readonly numbers: readonly TwilioNumber[];
  /** `next_page_uri`: a path, or `null` on the last page. */
  readonly next: string | null;
}

/**
 * Twilio's IncomingPhoneNumbers and Calls. Never reads `Accounts/{sid}.json`, whose body holds the auth token.
 * Sources: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource and
 * https://www.twilio.com/docs/voice/api/call-resource
 */
export class TwilioClient implements ProviderClient {
  private readonly api: TwilioApi;
  private readonly calls: TwilioCallReader;

  constructor(credentials: TwilioCredentials, http: VendorHttp) {
    this.api = new TwilioApi(credentials, http);
    this.calls = new TwilioCallReader(this.api);
  }

  /** Lists one number, which every kind of key may; with an API key also as the token, which signs the webhooks. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    const url = `${this.api.url(NUMBERS)}?PageSize=1`;
    for (const authorization of this.api.authorizations) {
      await this.page(url, { method: 'GET', signal, authorization });
    }
    return { verified: true };
  }

  async *numbers(after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage> {
    for await (const { numbers, next } of this.pages(after ?? this.firstPage(), signal)) {
      yield { numbers: numbers.filter(({ phoneNumber }) => isE164(phoneNumber)).map(owned), next };
    }
  }

  async find(phoneNumber: string, signal?: AbortSignal): Promise<OwnedNumber | null> {
    const number = await this.lookUp(phoneNumber, signal);
    return number && owned(number);
  }

  async readRoute(number: NumberReference, signal?: AbortSignal): Promise<CurrentRoute> {
    return currentRoute(await this.held(number, signal));
  }

  async route(number: NumberReference, target: RouteTarget, signal?: AbortSignal): Promise<void> {
    const updated = await this.update(number, routeForm(target), signal);
    if (!reaches(updated.route, target)) {
      throw new ProviderError('transient', 'Twilio took the route but still shows another one');
    }
  }

  async unroute(
    number: NumberReference,
    former: RouteSnapshot | null,
    ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void> {
    const held = await this.held(number, signal);
    const form = restoreForm(former, held.route, ours);
    if (Object.keys(form).length > 0) await this.update(owned(held), form, signal);
  }

  async placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    const request: TwilioRequest = { method: 'POST', form: callForm(call), retry: 'never', signal };
    const response = await this.api.send(this.api.url('Calls'), request);
    if (!response) throw unknownAccount();
    return placedCall(response);
  }

  readCall(call: SoughtCall, signal?: AbortSignal): Promise<CallReport> {
    return this.calls.read(call, signal);
  }

  /** `completed` ends a call whether it is queued, ringing or in progress. */
  async hangup({ providerCallId }: LiveCall, signal?: AbortSignal): Promise<void> {
    const request: TwilioRequest = { method: 'POST', form: { Status: 'completed' }, signal };
    try {
      await this.api.send(this.api.url('Calls', providerCallId), request);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.vendorCode !== CALL_NOT_IN_PROGRESS) throw error;
    }
  }

  private async held(number: NumberReference, signal: AbortSignal | undefined): Promise<TwilioNumber> {
    const known = number.providerNumberId && (await this.item(number.providerNumberId, { method: 'GET', signal }));
    const held = known || (await this.lookUp(number.phoneNumber, signal));
    if (!held) throw notOwned();
    return held;
  }

  /** A number that was released and bought again has a new sid, so a sid that is gone is looked up by number once. */
  private async update(
    number: NumberReference,
    form: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<TwilioNumber> {
    const request: TwilioRequest = { method: 'POST', form, signal };
    const known = number.providerNumberId && (await this.item(number.providerNumberId, request));
    if (known) return known;
    const found = await this.lookUp(number.phoneNumber, signal);
    const updated = found && (await this.item(found.sid, request));
    if (!updated) throw notOwned();
    return updated;
  }

  /** The filter also finds parts of numbers, so what it finds is compared. */
  private async lookUp(phoneNumber: string, signal: AbortSignal | undefined): Promise<TwilioNumber | null> {
    for await (const { numbers } of this.pages(this.firstPage({ PhoneNumber: phoneNumber }), signal)) {
      const found = numbers.find((number) => number.phoneNumber === phoneNumber);
      if (found) return found;
    }
    return null;
  }

  private firstPage(filter: Record<string, string> = {}): string {
    return `${this.api.url(NUMBERS)}?${new URLSearchParams({ ...filter, PageSize: PAGE_SIZE }).toString()}`;
  }

  private async *pages(from: string, signal: AbortSignal | undefined): AsyncIterable<TwilioPage> {
    const seen = new Set<string>();
    let next: string | null = from;
    while (next !== null) {
      const url = withinApi(next);
      if (seen.has(url)) throw notUnderstood();
      seen.add(url);
      const page = await this.page(url, { method: 'GET', signal });
      yield page;
      next = page.next;
    }
  }

  private async page(url: string, request: TwilioRequest): Promise<TwilioPage> {
    const response = await this.api.send(url, request);
    if (!response) throw unknownAccount();
    const body = response.json;
    const items = isRecord(body) ? body.incoming_phone_numbers : undefined;
    if (!isRecord(body) || !Array.isArray(items)) throw notUnderstood();
    return { numbers: items.map(understoodNumber), next: nextPage(body) };
  }

  private async item(sid: string, request: TwilioRequest): Promise<TwilioNumber | null> {
    const response = await this.api.send(this.api.url(NUMBERS, sid), request);
    return response && understoodNumber(response.json);
  }
}

function owned({ phoneNumber, sid }: TwilioNumber): OwnedNumber {
  return { phoneNumber, providerNumberId: sid };
}

function understoodNumber(item: unknown): TwilioNumber {
  const number = parseTwilioNumber(item);
  if (!number) throw notUnderstood();
  return number;
}

/** Checked at once, so that a page never hands on a cursor that cannot be followed. */
function nextPage(body: JsonRecord): string | null {
  const uri = textOrNull(body, 'next_page_uri');
  if (uri === null) return null;
  const { pathname, search } = new URL(withinApi(uri));
  if (pathname.length + search.length > MAX_CURSOR_LENGTH) throw notUnderstood();
  return `${pathname}${search}`;
}

function notOwned(): ProviderError {
  return new ProviderError('not_owned', 'The Twilio account does not hold the number', { httpStatus: 404 });
}
