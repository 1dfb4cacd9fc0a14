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
import { basicAuth } from '../../support/basic-auth';
import { beforeTheCall } from '../../support/before-the-call';
import { isRecord } from '../../support/json';
import { digitsOf } from '../../support/phone-format';
import { askVonage, notUnderstood, REST_HOST } from './vonage.api';
import { answersAt } from './vonage.application';
import { callBody } from './vonage.call';
import { CALLS, VonageCallReader } from './vonage.call-reader';
import type { VonageCredentials } from './vonage.credentials';
import { applicationToken } from './vonage.keys';
import {
  applicationOf,
  leadsTo,
  parseVonageNumber,
  restoreForm,
  routeForm,
  shows,
  type VonageNumber,
} from './vonage.number';
import { type OurApplication, VonageSharedApplication } from './vonage.shared-application';

const NUMBERS = `${REST_HOST}/account/numbers`;
const PAGE_SIZE = 100;
/** `search_pattern`: the digits that a number begins with. */
const BEGINS_WITH = '0';

/**
 * Vonage: a number is linked to an application, which holds the URLs.
 * Sources: https://developer.vonage.com/en/api/numbers, https://developer.vonage.com/en/api/application.v2 and
 * https://developer.vonage.com/en/api/voice
 */
export class VonageClient implements ProviderClient {
  private readonly authorization: string;
  private readonly application: VonageSharedApplication;
  private readonly calls: VonageCallReader;

  constructor(
    credentials: VonageCredentials,
    private readonly http: VendorHttp,
    shared: SharedResources,
    private readonly clock: Clock = systemClock,
  ) {
    this.authorization = basicAuth(credentials.api_key, credentials.api_secret);
    this.application = new VonageSharedApplication(http, this.authorization, shared);
    this.calls = new VonageCallReader(http);
  }

  /** Lists one number. An account without any answers an empty object. */
  async verify(signal?: AbortSignal): Promise<VerificationResult> {
    await this.page({ size: '1', index: '1' }, signal);
    return { verified: true };
  }

  async *numbers(after: string | null, signal?: AbortSignal): AsyncIterable<NumberPage> {
    for await (const { numbers, next } of this.pages({}, pageAfter(after), signal)) {
      yield { numbers: numbers.flatMap(ownedNumber), next: next === null ? null : String(next) };
    }
  }

  async find(phoneNumber: string, signal?: AbortSignal): Promise<OwnedNumber | null> {
    const number = await this.lookUp(phoneNumber, signal);
    return number && { phoneNumber, providerNumberId: null };
  }

  async readRoute({ phoneNumber }: NumberReference, signal?: AbortSignal): Promise<CurrentRoute> {
    const { route } = await this.held(phoneNumber, signal);
    const ours = await this.application.remembered();
    const isLinked = ours !== null && leadsTo(route, ours.id);
    const application = isLinked ? await this.application.read(ours.id, signal) : null;
    return {
      providerNumberId: null,
      snapshot: route,
      matches: (target) => application !== null && answersAt(application, target),
    };
  }

  async route({ phoneNumber }: NumberReference, target: RouteTarget, signal?: AbortSignal): Promise<void> {
    const number = await this.held(phoneNumber, signal);
    if (!number.hasVoice) throw new ProviderError('permanent', 'The Vonage number takes no calls: it has no voice');
    const { id } = await this.application.ensure(target, signal);
    if (leadsTo(number.route, id)) return;
    await this.update(phoneNumber, routeForm(number, id), signal);
    const updated = await this.held(phoneNumber, signal);
    if (!leadsTo(updated.route, id)) throw stillAnother();
  }

  async unroute(
    { phoneNumber }: NumberReference,
    former: RouteSnapshot | null,
    ours: readonly RouteTarget[],
    signal?: AbortSignal,
  ): Promise<void> {
    const number = await this.held(phoneNumber, signal);
    const linked = applicationOf(number.route);
    if (linked === null || !(await this.isOurs(linked, ours, signal))) return;
    const form = restoreForm(number, former, linked);
    await this.update(phoneNumber, form, signal);
    const restored = await this.held(phoneNumber, signal);
    if (!shows(restored.route, form)) throw stillAnother();
  }

  async placeCall(call: OutboundCall, signal?: AbortSignal): Promise<PlacedCall> {
    const application = await this.application.ensure(call.target, signal).catch((error: unknown) => {
      throw beforeTheCall(error);
    });
    const headers = this.callHeaders(application);
    const json = callBody(call);
    const outcome = await askVonage(this.http, { method: 'POST', url: CALLS, headers, json, retry: 'never', signal });
    if (outcome.kind !== 'done') throw new ProviderError('permanent', 'Vonage refused to place the call');
    const id = isRecord(outcome.json) ? outcome.json.uuid : undefined;
    if (typeof id !== 'string' || id === '') {
      const message = 'Vonage took the call but did not say by which name';
      throw new ProviderError('transient', message, { isOutcomeUnknown: true });
    }
    return { providerCallId: id };
  }

  async readCall(call: SoughtCall, signal?: AbortSignal): Promise<CallReport> {
    return this.calls.read(call, await this.rememberedHeaders(), signal);
  }

  /** Vonage answers 404 for a call that is over. */
  async hangup({ providerCallId }: LiveCall, signal?: AbortSignal): Promise<void> {
    const headers = await this.rememberedHeaders();
    const url = `${CALLS}/${encodeURIComponent(providerCallId)}`;
    await askVonage(this.http, { method: 'PUT', url, headers, json: { action: 'hangup' }, signal });
  }

  private async rememberedHeaders(): Promise<Record<string, string>> {
    const application = await this.application.remembered();
    if (!application) throw new ProviderError('permanent', 'No Vonage application has been made for the account yet');
    return this.callHeaders(application);
  }

  private callHeaders({ id, privateKey }: OurApplication): Record<string, string> {
    return { Authorization: `Bearer ${applicationToken(id, privateKey, this.clock.now())}` };
  }

  /** The one that is remembered or, should that be lost, one that holds a URL of ours. */
  private async isOurs(id: string, targets: readonly RouteTarget[], signal: AbortSignal | undefined): Promise<boolean> {
    if ((await this.application.remembered())?.id === id) return true;
    const application = await this.application.read(id, signal);
    return application !== null && targets.some((target) => answersAt(application, target));
  }

  private async update(
    phoneNumber: string,
    form: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const headers = { Authorization: this.authorization };
    const url = `${REST_HOST}/number/update`;
    const outcome = await askVonage(this.http, { method: 'POST', url, headers, form, signal });
    if (outcome.kind === 'done') return;
    await this.held(phoneNumber, signal);
    throw new ProviderError('permanent', 'Vonage refused to change the number', {
      vendorCode: outcome.kind === 'method_failed' ? '420' : '404',
    });
  }

  private async held(phoneNumber: string, signal: AbortSignal | undefined): Promise<VonageNumber> {
    const number = await this.lookUp(phoneNumber, signal);
    if (!number) throw new ProviderError('not_owned', 'The Vonage account does not hold the number');
    return number;
  }

  /** There is no reading of one number, only a search, which also finds longer numbers. */
  private async lookUp(phoneNumber: string, signal: AbortSignal | undefined): Promise<VonageNumber | null> {
    const filter = { pattern: digitsOf(phoneNumber), search_pattern: BEGINS_WITH };
    for await (const { numbers } of this.pages(filter, 1, signal)) {
      const found = numbers.find((number) => number.phoneNumber === phoneNumber);
      if (found) return found;
    }
    return null;
  }

  private async *pages(
    filter: Record<string, string>,
    from: number,
    signal: AbortSignal | undefined,
  ): AsyncIterable<{ numbers: readonly VonageNumber[]; next: number | null }> {
    let index: number | null = from;
    while (index !== null) {
      const query: Record<string, string> = { ...filter, size: String(PAGE_SIZE), index: String(index) };
      const { count, numbers } = await this.page(query, signal);
      const next: number | null = index * PAGE_SIZE < count ? index + 1 : null;
      // Numbers that are counted but not shown must not go missing unnoticed.
      if (next !== null && numbers.length === 0) throw notUnderstood();
      yield { numbers, next };
      index = next;
    }
  }

  /** With nothing to show, the body may be an empty object. */
  private async page(
    query: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<{ count: number; numbers: readonly VonageNumber[] }> {
    const url = `${NUMBERS}?${new URLSearchParams(query).toString()}`;
    const headers = { Authorization: this.authorization };
    const outcome = await askVonage(this.http, { method: 'GET', url, headers, signal });
    const body = outcome.kind === 'done' ? outcome.json : undefined;
    if (!isRecord(body)) throw notUnderstood();
    const { count = 0, numbers = [] } = body;
    if (typeof count !== 'number' || !Array.isArray(numbers)) throw notUnderstood();
    const parsed = numbers.map(parseVonageNumber);
    if (!parsed.every((number) => number !== null)) throw notUnderstood();
    return { count, numbers: parsed };
  }
}

function pageAfter(after: string | null): number {
  if (after === null) return 1;
  if (!/^[1-9]\d{0,8}$/.test(after)) throw new ProviderError('permanent', 'There is no such page of Vonage numbers');
  return Number(after);
}

function ownedNumber({ phoneNumber }: VonageNumber): OwnedNumber[] {
  return phoneNumber === null ? [] : [{ phoneNumber, providerNumberId: null }];
}

function stillAnother(): ProviderError {
  return new ProviderError('transient', 'Vonage took the route but still shows another one');
}
