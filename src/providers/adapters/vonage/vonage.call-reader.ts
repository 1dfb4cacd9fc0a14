import type { CallReport, SoughtCall } from '../../contract/call';
import type { VendorHttp } from '../../contract/http';
import { isRecord } from '../../support/json';
import { type LostCall, lostCall, mayBeLost } from '../../support/lost-call';
import { API_HOST, askVonage, notUnderstood } from './vonage.api';
import { type VonageCall, vonageCall } from './vonage.call-report';

export const CALLS = `${API_HOST}/v1/calls`;
/** The largest that is served. */
const PAGE_SIZE = 100;

/** How a request proves that it comes from the application. */
type Headers = Readonly<Record<string, string>>;

/**
 * How the calls of one application go; Vonage shows it no others.
 * Source: https://developer.vonage.com/en/api/voice#getCalls
 */
export class VonageCallReader {
  constructor(private readonly http: VendorHttp) {}

  read(call: SoughtCall, headers: Headers, signal: AbortSignal | undefined): Promise<CallReport> {
    if (call.providerCallId !== null) return this.byId(call.providerCallId, headers, signal);
    return this.find(call, headers, signal);
  }

  private async byId(id: string, headers: Headers, signal: AbortSignal | undefined): Promise<CallReport> {
    const url = `${CALLS}/${encodeURIComponent(id)}`;
    const outcome = await askVonage(this.http, { method: 'GET', url, headers, signal });
    if (outcome.kind === 'not_found') return { kind: 'absent' };
    const call = outcome.kind === 'done' ? vonageCall(outcome.json) : null;
    if (call?.id !== id) throw notUnderstood();
    return call.report;
  }

  /** In the order of the list, as calls under way show no time. */
  private async find(call: SoughtCall, headers: Headers, signal: AbortSignal | undefined): Promise<CallReport> {
    const lost = lostCall(call);
    if (!lost) return { kind: 'untold' };
    const span = { date_start: iso(lost.since), date_end: iso(lost.until), order: 'asc' };
    for await (const listed of this.list(span, headers, signal)) {
      if (isLost(listed, lost) && (await this.isFirstLeg(listed, headers, signal))) return listed.report;
    }
    return { kind: 'absent' };
  }

  /** A later leg was opened by an answer that dials on. */
  private async isFirstLeg(
    { id, conversationId }: VonageCall,
    headers: Headers,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    if (conversationId === null) return true;
    for await (const leg of this.list({ conversation_uuid: conversationId, order: 'asc' }, headers, signal)) {
      return leg.id === id;
    }
    return false;
  }

  private async *list(
    filter: Readonly<Record<string, string>>,
    headers: Headers,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<VonageCall> {
    for (let index: number | null = 0; index !== null;) {
      const query: URLSearchParams = new URLSearchParams({
        ...filter,
        page_size: String(PAGE_SIZE),
        record_index: String(index),
      });
      const url = `${CALLS}?${query.toString()}`;
      const outcome = await askVonage(this.http, { method: 'GET', url, headers, signal });
      const page = outcome.kind === 'done' ? pageIn(outcome.json) : null;
      if (!page) throw notUnderstood();
      yield* page.calls;
      index = index + page.calls.length < page.count ? index + page.calls.length : null;
      // What is counted but not shown must not be asked for again and again.
      if (index !== null && page.calls.length === 0) throw notUnderstood();
    }
  }
}

/** A call under way has no time of its own, and by Vonage's filter it is in time. */
function isLost(listed: VonageCall, lost: LostCall): boolean {
  return listed.isOutbound && mayBeLost({ ...listed, createdAt: listed.createdAt ?? lost.since }, lost);
}

/** Without anything to show there may be no list. */
function pageIn(body: unknown): { readonly count: number; readonly calls: readonly VonageCall[] } | null {
  if (!isRecord(body)) return null;
  const { count = 0, _embedded: embedded } = body;
  const items = isRecord(embedded) ? (embedded.calls ?? []) : [];
  if (typeof count !== 'number' || !Array.isArray(items)) return null;
  const calls = items.map(vonageCall);
  return calls.every((call) => call !== null) ? { count, calls } : null;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
