import type { CallReport, SoughtCall } from '../../contract/call';
import type { VendorResponse } from '../../contract/http';
import { ProviderError } from '../../contract/provider-error';
import { isRecord, textOrNull } from '../../support/json';
import { earlier, type LostCall, lostCall, mayBeLost } from '../../support/lost-call';
import { callsPath, type TelnyxAccountNames } from './telnyx.account-names';
import { isOver, notUnderstood, type TelnyxApi } from './telnyx.api';
import { controlledCall, type TelnyxCall, texmlCall } from './telnyx.call-report';

const PAGE_SIZE = '50';
/** No two numbers have so many calls in two days, so a longer list is none. */
const MAX_PAGES = 40;
const DAY_MS = 86_400_000;

/**
 * How the TeXML calls of one account go.
 * Sources: https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-a-call and
 * https://developers.telnyx.com/api-reference/texml-rest-commands/fetch-multiple-call-resources
 */
export class TelnyxCallReader {
  constructor(
    private readonly api: TelnyxApi,
    private readonly accounts: TelnyxAccountNames,
  ) {}

  read(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    return call.providerCallId === null ? this.find(call, signal) : this.byId(call.providerCallId, signal);
  }

  /** By each of the names that the account may go by; where it is known under none, as a Call Control call. */
  private async byId(id: string, signal: AbortSignal | undefined): Promise<CallReport> {
    for (const account of await this.accounts.read(signal)) {
      const path = `${callsPath(account)}/${encodeURIComponent(id)}`;
      const response = unlessRefused(await this.get(path, signal));
      if (!response) continue;
      const call = texmlCall(response.json);
      if (call?.id !== id) throw notUnderstood();
      return call.report;
    }
    return this.byControlId(id, signal);
  }

  private async byControlId(id: string, signal: AbortSignal | undefined): Promise<CallReport> {
    const response = await this.get(`/calls/${encodeURIComponent(id)}`, signal);
    if (response === null) return { kind: 'absent' };
    if (response instanceof ProviderError) {
      if (isOver(response)) return { kind: 'absent' };
      throw response;
    }
    const data = isRecord(response.json) ? response.json.data : undefined;
    if (!isRecord(data) || (data.call_control_id !== id && data.call_leg_id !== id)) throw notUnderstood();
    return controlledCall(id, data);
  }

  /** `untold` where the account's name is not told, or where there is no list under it. */
  private async find(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    const lost = lostCall(call);
    if (!lost) return { kind: 'untold' };
    let isAbsent = false;
    let refusal: ProviderError | null = null;
    for (const account of await this.accounts.read(signal)) {
      const answer = await this.findIn(account, lost, signal);
      if (answer instanceof ProviderError) refusal = answer;
      else if (answer.kind === 'found') return answer;
      else isAbsent ||= answer.kind === 'absent';
    }
    if (isAbsent) return { kind: 'absent' };
    if (refusal) throw refusal;
    return { kind: 'untold' };
  }

  /** Read to the end, since its order is not documented. */
  private async findIn(
    account: string,
    lost: LostCall,
    signal: AbortSignal | undefined,
  ): Promise<CallReport | ProviderError> {
    let found: TelnyxCall | null = null;
    let next: URLSearchParams | null = firstPage(lost);
    for (let page = 0; next !== null; page++) {
      if (page === MAX_PAGES) throw notUnderstood();
      const response = await this.get(`${callsPath(account)}?${next.toString()}`, signal);
      if (response instanceof ProviderError) return response;
      if (response === null) return { kind: 'untold' };
      const { calls, following } = pageOf(response, lost);
      for (const call of calls) if (call.isOutbound && mayBeLost(call, lost)) found = earlier(found, call);
      next = following;
    }
    return found?.report ?? { kind: 'absent' };
  }

  /** `null` for "not found". A refusal is handed back, since a wrong name of the account may be refused. */
  private async get(path: string, signal: AbortSignal | undefined): Promise<VendorResponse | ProviderError | null> {
    try {
      return await this.api.send(path, { method: 'GET', signal });
    } catch (error) {
      if (error instanceof ProviderError && !error.isRetryable) return error;
      throw error;
    }
  }
}

function unlessRefused(response: VendorResponse | ProviderError | null): VendorResponse | null {
  return response instanceof ProviderError ? null : response;
}

/** From the day before, as it is not documented whether calls of the day itself are after it. */
function firstPage({ from, to, since }: LostCall): URLSearchParams {
  const dayBefore = new Date(since - DAY_MS).toISOString().slice(0, 10);
  return new URLSearchParams({ From: from, To: to, StartTime_gt: dayBefore, PageSize: PAGE_SIZE });
}

/**
 * The calls of a page, and the query of the next. Of its address only the place is taken, since the filters are not documented
 * to be part of it. A page without calls is the last: the documented example of one names a next all the same.
 */
function pageOf({ json }: VendorResponse, lost: LostCall): { calls: TelnyxCall[]; following: URLSearchParams | null } {
  if (!isRecord(json) || !Array.isArray(json.calls)) throw notUnderstood();
  const calls = json.calls.map(understood);
  const uri = textOrNull(json, 'next_page_uri');
  if (uri === null || calls.length === 0) return { calls, following: null };
  const place = new URLSearchParams(/\?([^#]*)/.exec(uri)?.[1] ?? '');
  if (!place.has('PageToken') && !place.has('Page')) throw notUnderstood();
  const following = firstPage(lost);
  for (const [name, value] of place) if (name === 'Page' || name === 'PageToken') following.set(name, value);
  return { calls, following };
}

function understood(item: unknown): TelnyxCall {
  const call = texmlCall(item);
  if (!call) throw notUnderstood();
  return call;
}
