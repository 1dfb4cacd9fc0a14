import type { Clock } from '../../../common/clock';
import type { CallReport, SoughtCall } from '../../contract/call';
import { isRecord, textOrNull } from '../../support/json';
import { earlier, type LostCall, lostCall, mayBeLost } from '../../support/lost-call';
import { type ExotelApi, notUnderstood } from './exotel.api';
import { type ExotelCall, exotelCall, reportOf } from './exotel.call-report';
import { toIndianTime } from './exotel.time';

/** The largest that is served. */
const PAGE_SIZE = 100;
/** Nobody is called so often in a few minutes, so a longer list is none. */
const MAX_PAGES = 20;
/** A call may last four hours, and its record comes about five minutes after its end. */
const LISTED_AFTER_MS = 18_000_000;

/** Sources: https://developer.exotel.com/api/call-details and https://developer.exotel.com/api/call-details-bulk */
export class ExotelCallReader {
  constructor(
    private readonly api: ExotelApi,
    private readonly country: string,
    private readonly clock: Clock,
  ) {}

  read(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    const { providerCallId: sid, startedAt } = call;
    return sid === null ? this.find(call, signal) : this.bySid(sid, startedAt, signal);
  }

  private async bySid(sid: string, startedAt: number, signal: AbortSignal | undefined): Promise<CallReport> {
    const url = `${this.api.callsUrl}/${encodeURIComponent(sid)}.json?details=true`;
    const response = await this.api.send(url, { method: 'GET', signal });
    if (!response) return { kind: 'absent' };
    const call = isRecord(response.json) ? exotelCall(response.json.Call, this.country) : null;
    if (call?.id !== sid) throw notUnderstood();
    return reportOf(call, startedAt);
  }

  /** "Bulk Call Details will not provide ongoing calls' details", so for as long as a call may last nothing is said without one. */
  private async find(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    const lost = lostCall(call);
    if (!lost) return { kind: 'untold' };
    let found: ExotelCall | null = null;
    for await (const listed of this.list(lost, signal)) {
      if (listed.isPlaced && mayBeLost(listed, lost)) found = earlier(found, listed);
    }
    if (found) return this.bySid(found.id, call.startedAt, signal);
    return { kind: this.clock.now() < call.startedAt + LISTED_AFTER_MS ? 'untold' : 'absent' };
  }

  private async *list(lost: LostCall, signal: AbortSignal | undefined): AsyncGenerator<ExotelCall> {
    const filter = {
      From: lost.to,
      Direction: 'outbound-api',
      DateCreated: `gte:${toIndianTime(lost.since)};lte:${toIndianTime(lost.until)}`,
      PageSize: String(PAGE_SIZE),
    };
    let after: string | null = null;
    for (let page = 0; page === 0 || after !== null; page++) {
      if (page === MAX_PAGES) throw notUnderstood();
      const query = new URLSearchParams({ ...filter, ...(after === null ? {} : { After: after }) });
      const { json } = await this.api.list(`${this.api.callsUrl}.json?${query.toString()}`, signal);
      if (!isRecord(json) || !Array.isArray(json.Calls)) throw notUnderstood();
      yield* json.Calls.map((item) => this.understood(item));
      after = cursorIn(json.Metadata);
    }
  }

  private understood(item: unknown): ExotelCall {
    const call = exotelCall(item, this.country);
    if (!call) throw notUnderstood();
    return call;
  }
}

/** Of the link only the cursor counts, so that it is followed nowhere. */
function cursorIn(metadata: unknown): string | null {
  const link = isRecord(metadata) ? textOrNull(metadata, 'NextPageUri') : null;
  return link === null ? null : new URLSearchParams(link.split('?').slice(1).join('?')).get('After');
}
