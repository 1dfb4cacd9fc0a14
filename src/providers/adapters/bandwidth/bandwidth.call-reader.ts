import type { CallReport, SoughtCall } from '../../contract/call';
import type { VendorResponse } from '../../contract/http';
import { lostCall, mayBeLost } from '../../support/lost-call';
import type { BandwidthApi } from './bandwidth.api';
import { type BandwidthCall, bandwidthCall } from './bandwidth.call-report';
import { notUnderstood, refused } from './bandwidth.error';

const READ = 'to read a call';
const PAGE_SIZE = '1000';
/** No two numbers have so many calls in the week for which calls are kept, so a longer list is none. */
const MAX_PAGES = 20;

/**
 * How calls of one account go. Bandwidth may take minutes to show a call, and keeps it for seven days after its end.
 * Source: `getCallState` and `listCalls` in node_modules/bandwidth-sdk/bandwidth.yml
 */
export class BandwidthCallReader {
  constructor(private readonly api: BandwidthApi) {}

  read(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    return call.providerCallId === null ? this.find(call, signal) : this.byId(call.providerCallId, signal);
  }

  private async byId(id: string, signal: AbortSignal | undefined): Promise<CallReport> {
    const url = this.api.voiceUrl(`/calls/${encodeURIComponent(id)}`);
    const state = await this.api.json(READ, { method: 'GET', url, signal });
    if (!state) return { kind: 'absent' };
    const call = bandwidthCall(state);
    if (call?.id !== id) throw notUnderstood();
    return call.report;
  }

  /** The list is "sorted by `createdTime` from oldest to newest", so the first one that fits is the earliest. */
  private async find(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    const lost = lostCall(call);
    if (!lost) return { kind: 'untold' };
    for await (const listed of this.list({ from: lost.from, to: lost.to }, signal)) {
      if (listed.isPlaced && mayBeLost(listed, lost)) return listed.report;
      if (listed.createdAt !== null && listed.createdAt > lost.until) break;
    }
    return { kind: 'absent' };
  }

  /** Not filtered by their start, since calls in the queue have none: the two numbers leave few enough. */
  private async *list(
    filter: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<BandwidthCall> {
    let query: string | null = `?${new URLSearchParams({ ...filter, pageSize: PAGE_SIZE }).toString()}`;
    for (let page = 0; query !== null; page++) {
      if (page === MAX_PAGES) throw notUnderstood();
      const url = this.api.voiceUrl('/calls') + query;
      const response: VendorResponse = await this.api.send({ method: 'GET', url, signal });
      if (response.status >= 300) throw refused('to list its calls', response);
      if (!Array.isArray(response.json)) throw notUnderstood();
      for (const item of response.json as unknown[]) yield understood(item);
      query = nextQuery(response);
    }
  }
}

/** Of the link to the next page, whose host and path are known, so that credentials go nowhere else. */
function nextQuery({ headers }: VendorResponse): string | null {
  const [, url] = /<([^<>]*)>\s*;\s*rel="?next"?/i.exec(headers.get('link') ?? '') ?? [];
  if (url === undefined) return null;
  if (!URL.canParse(url)) throw notUnderstood();
  return new URL(url).search;
}

function understood(item: unknown): BandwidthCall {
  const call = bandwidthCall(item);
  if (!call) throw notUnderstood();
  return call;
}
