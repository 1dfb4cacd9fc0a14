import type { CallReport, SoughtCall } from '../../contract/call';
import { isRecord, textOrNull } from '../../support/json';
import { earlier, type LostCall, lostCall, mayBeLost } from '../../support/lost-call';
import { notUnderstood, type TwilioApi, unknownAccount, withinApi } from './twilio.api';
import { type TwilioCall, twilioCall } from './twilio.call-report';

const CALLS = 'Calls';
const PAGE_SIZE = '1000';
/** No two numbers have so many calls in a day, so a longer list is none. */
const MAX_PAGES = 20;

/**
 * How calls of one account go.
 * Source: https://www.twilio.com/docs/voice/api/call-resource
 */
export class TwilioCallReader {
  constructor(private readonly api: TwilioApi) {}

  read(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    return call.providerCallId === null ? this.find(call, signal) : this.byId(call.providerCallId, signal);
  }

  private async byId(id: string, signal: AbortSignal | undefined): Promise<CallReport> {
    const response = await this.api.send(this.api.url(CALLS, id), { method: 'GET', signal });
    if (!response) return { kind: 'absent' };
    const call = twilioCall(response.json);
    if (call?.id !== id) throw notUnderstood();
    return call.report;
  }

  /**
   * A call in Twilio's queue has not started, so the filter by its start may leave it out; it is therefore looked for in the
   * queue, and there first, as it may leave the queue meanwhile.
   */
  private async find(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    const lost = lostCall(call);
    if (!lost) return { kind: 'untold' };
    let found: TwilioCall | null = null;
    const parties = { From: lost.from, To: lost.to };
    const day = new Date(lost.since).toISOString().slice(0, 10);
    for (const filter of [
      { ...parties, Status: 'queued' },
      { ...parties, 'StartTime>': day },
    ]) {
      for await (const listed of this.list(Object.entries(filter), signal)) {
        if (isLost(listed, lost)) found = earlier(found, listed);
      }
    }
    return found?.report ?? { kind: 'absent' };
  }

  /** All of them, since their order is not documented. */
  private async *list(filter: [string, string][], signal: AbortSignal | undefined): AsyncGenerator<TwilioCall> {
    const query = new URLSearchParams([...filter, ['PageSize', PAGE_SIZE]]).toString();
    let next: string | null = `${this.api.url(CALLS)}?${query}`;
    for (let page = 0; next !== null; page++) {
      if (page === MAX_PAGES) throw notUnderstood();
      const response = await this.api.send(withinApi(next), { method: 'GET', signal });
      if (!response) throw unknownAccount();
      const body = response.json;
      if (!isRecord(body) || !Array.isArray(body.calls)) throw notUnderstood();
      yield* body.calls.map(understood);
      next = textOrNull(body, 'next_page_uri');
    }
  }
}

function isLost(listed: TwilioCall, lost: LostCall): boolean {
  return listed.isPlaced && mayBeLost(listed, lost);
}

function understood(item: unknown): TwilioCall {
  const call = twilioCall(item);
  if (!call) throw notUnderstood();
  return call;
}
