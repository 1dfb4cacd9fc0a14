import { isE164 } from '../../../common/e164';
import type { VendorHttp, VendorRequest, VendorResponse } from '../../contract/http';
import type { ProviderClient, VerificationResult } from '../../contract/provider-adapter';
import { ProviderError } from '../../contract/provider-error';
import type { CurrentRoute, NumberReference, OwnedNumber, RouteSnapshot, RouteTarget } from '../../contract/route';
import { basicAuth } from '../../support/basic-auth';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { TwilioCredentials } from './twilio.credentials';
import { currentRoute, parseTwilioNumber, reaches, restoreForm, routeForm, type TwilioNumber } from './twilio.number';

const API = 'https://api.twilio.com';
const PAGE_SIZE = '1000';

type Call = Pick<VendorRequest, 'method' | 'form' | 'signal'> & { readonly authorization?: string };

/**
 * Twilio's IncomingPhoneNumbers. Never reads `Accounts/{sid}.json`, whose body holds the auth token.
 * Sources: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource and
 * https://www.twilio.com/docs/usage/twilios-response
 */
export class TwilioClient implements ProviderClient {
  private readonly numbersUrl: string;
  private readonly authorization: string;
  private readonly tokenAuthorization: string;

  constructor(
    credentials: TwilioCredentials,
    private readonly http: VendorHttp,
  ) {
    const {
      account_sid: accountSid,
      auth_token: authToken,
      api_key_sid: keySid,
      api_key_secret: keySecret,
    } = credentials;
    this.numbersUrl = `${API}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/IncomingPhoneNumbers`;
    this.tokenAuthorization = basicAuth(accountSid, authToken);
    this.authorization = keySid && keySecret ? basicAuth(keySid, keySecret) : this.tokenAuthorization;
  }

  /** Lists one number, which every kind of key may; with an API key also as the token, which signs the webhooks. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    const url = `${this.numbersUrl}.json?PageSize=1`;
    for (const authorization of new Set([this.authorization, this.tokenAuthorization])) {
      await this.page(url, { method: 'GET', signal, authorization });
    }
    return { verified: true };
  }

  async *numbers(signal?: AbortSignal): AsyncIterable<OwnedNumber> {
    for await (const number of this.list({}, signal)) {
      if (isE164(number.phoneNumber)) yield owned(number);
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
    const call: Call = { method: 'POST', form, signal };
    const known = number.providerNumberId && (await this.item(number.providerNumberId, call));
    if (known) return known;
    const found = await this.lookUp(number.phoneNumber, signal);
    const updated = found && (await this.item(found.sid, call));
    if (!updated) throw notOwned();
    return updated;
  }

  /** The filter also finds parts of numbers, so what it finds is compared. */
  private async lookUp(phoneNumber: string, signal: AbortSignal | undefined): Promise<TwilioNumber | null> {
    for await (const number of this.list({ PhoneNumber: phoneNumber }, signal)) {
      if (number.phoneNumber === phoneNumber) return number;
    }
    return null;
  }

  private async *list(filter: Record<string, string>, signal: AbortSignal | undefined): AsyncIterable<TwilioNumber> {
    const query = new URLSearchParams({ ...filter, PageSize: PAGE_SIZE });
    let url: string | null = `${this.numbersUrl}.json?${query.toString()}`;
    const seen = new Set<string>();
    while (url !== null) {
      if (seen.has(url)) throw notUnderstood();
      seen.add(url);
      const page: JsonRecord & { items: unknown[] } = await this.page(url, { method: 'GET', signal });
      for (const item of page.items) {
        const number = parseTwilioNumber(item);
        if (!number) throw notUnderstood();
        yield number;
      }
      url = nextPage(page);
    }
  }

  private async page(url: string, call: Call): Promise<JsonRecord & { items: unknown[] }> {
    const response = await this.send(url, call);
    if (!response) {
      throw new ProviderError('credentials_rejected', 'Twilio knows no such account for these credentials', {
        httpStatus: 404,
      });
    }
    const body = response.json;
    const items = isRecord(body) ? body.incoming_phone_numbers : undefined;
    if (!isRecord(body) || !Array.isArray(items)) throw notUnderstood();
    return { ...body, items };
  }

  private async item(sid: string, call: Call): Promise<TwilioNumber | null> {
    const response = await this.send(`${this.numbersUrl}/${encodeURIComponent(sid)}.json`, call);
    if (!response) return null;
    const number = parseTwilioNumber(response.json);
    if (!number) throw notUnderstood();
    return number;
  }

  /** The answer, or `null` for "not found". */
  private async send(url: string, call: Call): Promise<VendorResponse | null> {
    const { authorization = this.authorization, ...request } = call;
    const response = await this.http.send({ ...request, url, headers: { Authorization: authorization } });
    const { status } = response;
    if (status < 300) return response;
    const code = errorCode(response);
    if (status === 404 || code === '20404') return null;
    const isRejected = status === 401 || status === 403;
    const message = `Twilio ${isRejected ? 'rejected the credentials' : 'refused the request'} (HTTP ${status}${code ? `, error ${code}` : ''})`;
    throw new ProviderError(isRejected ? 'credentials_rejected' : 'permanent', message, {
      httpStatus: status,
      vendorCode: code,
    });
  }
}

function owned({ phoneNumber, sid }: TwilioNumber): OwnedNumber {
  return { phoneNumber, providerNumberId: sid };
}

/** `next_page_uri` is a path at the API's own host; anything else would carry the credentials elsewhere. */
function nextPage(page: JsonRecord): string | null {
  const uri = textOrNull(page, 'next_page_uri');
  if (uri === null) return null;
  if (!URL.canParse(uri, API) || new URL(uri, API).origin !== API) throw notUnderstood();
  return new URL(uri, API).href;
}

function errorCode({ json }: VendorResponse): string | undefined {
  return isRecord(json) && typeof json.code === 'number' ? String(json.code) : undefined;
}

function notOwned(): ProviderError {
  return new ProviderError('not_owned', 'The Twilio account does not hold the number', { httpStatus: 404 });
}

function notUnderstood(): ProviderError {
  return new ProviderError('transient', 'Twilio gave an answer that is not understood');
}
