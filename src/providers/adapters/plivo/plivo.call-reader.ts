import type { Clock } from '../../../common/clock';
import type { CallReport, SoughtCall } from '../../contract/call';
import { earlier, type LostCall, lostCall, mayBeLost } from '../../support/lost-call';
import { digitsOf } from '../../support/phone-format';
import { notUnderstood, type PlivoApi } from './plivo.api';
import { callRecord, type PlivoCall } from './plivo.call-report';
import { PlivoCallsUnderWay, UNDER_WAY } from './plivo.calls-under-way';

/** "Calls ≥ 86400s are disconnected at 24h": https://docs.plivo.com/docs/voice/api/call/make-a-call */
const LONGEST_CALL_MS = 86_400_000;
const LOOKED_AT = 8;

/**
 * How calls go: a call is in the queue, then live, and has a record once it is over. It is looked for in that order, so that one
 * that goes on meanwhile is not missed.
 */
export class PlivoCallReader {
  private readonly underWay: PlivoCallsUnderWay;

  constructor(
    private readonly api: PlivoApi,
    private readonly clock: Clock,
  ) {
    this.underWay = new PlivoCallsUnderWay(api);
  }

  async read(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    const { providerCallId: id } = call;
    if (id === null) return this.find(call, signal);
    const known =
      (await this.byName(id, signal)) ?? (call.direction === 'outbound' && (await this.byRequest(id, signal)));
    return known ? known.report : { kind: 'absent' };
  }

  private async byName(id: string, signal: AbortSignal | undefined): Promise<PlivoCall | null> {
    for (const state of UNDER_WAY) {
      const call = await this.underWay.read(id, state, signal);
      if (call) return call;
    }
    return this.record(id, signal);
  }

  /** Until Plivo has told more, a placed call is known by the name of its request, which may be another than its own. */
  private async byRequest(id: string, signal: AbortSignal | undefined): Promise<PlivoCall | null> {
    for (const state of UNDER_WAY) {
      for await (const call of this.underWay.list(state, signal)) if (call.names.includes(id)) return call;
    }
    return this.record(id, signal);
  }

  private async record(id: string, signal: AbortSignal | undefined): Promise<PlivoCall | null> {
    const item = await this.api.read(`Call/${encodeURIComponent(id)}/`, signal);
    return item && understood(item);
  }

  private async find(call: SoughtCall, signal: AbortSignal | undefined): Promise<CallReport> {
    const lost = lostCall(call);
    if (!lost) return { kind: 'untold' };
    let found: PlivoCall | null = null;
    for (const state of UNDER_WAY) {
      for await (const listed of this.underWay.list(state, signal)) {
        if (this.isLost(listed, lost)) found = earlier(found, listed);
      }
    }
    for (const listed of await this.lostRecords(lost, signal)) found = earlier(found, listed);
    return found?.report ?? { kind: 'absent' };
  }

  /** What is in the queue begins now at the earliest. */
  private isLost(listed: PlivoCall, lost: LostCall): boolean {
    const createdAt = listed.createdAt ?? this.clock.now();
    const isOther = listed.names.some((name) => lost.others.includes(name));
    return listed.isPlaced && !isOther && mayBeLost({ ...listed, createdAt }, lost);
  }

  /** A record does not name its request, by which another call may be known to us. */
  private async lostRecords(lost: LostCall, signal: AbortSignal | undefined): Promise<PlivoCall[]> {
    const records: PlivoCall[] = [];
    for await (const listed of this.records(lost, signal)) {
      if (listed.isPlaced && mayBeLost(listed, lost)) records.push(listed);
    }
    const others = records.length === 0 ? [] : await this.recorded(lost.others, signal);
    return records.filter(({ id }) => !others.includes(id));
  }

  private async recorded(names: readonly string[], signal: AbortSignal | undefined): Promise<string[]> {
    const ids: string[] = [];
    for (let start = 0; start < names.length; start += LOOKED_AT) {
      const some = names.slice(start, start + LOOKED_AT);
      const calls = await Promise.all(some.map((name) => this.record(name, signal)));
      ids.push(...calls.filter((call) => call !== null).map(({ id }) => id));
    }
    return ids;
  }

  /** Of the callee's alone, as our number is written with `+` or without it in records, and is compared anyway. */
  private async *records(lost: LostCall, signal: AbortSignal | undefined): AsyncGenerator<PlivoCall> {
    const filter = {
      to_number: digitsOf(lost.to),
      call_direction: 'outbound',
      end_time__gte: utc(lost.since),
      end_time__lte: utc(lost.until + LONGEST_CALL_MS),
    };
    for (let offset: number | null = 0; offset !== null;) {
      const page = await this.api.page('Call/', offset, signal, filter);
      yield* page.objects.map(understood);
      offset = page.next;
    }
  }
}

function understood(item: unknown): PlivoCall {
  const call = callRecord(item);
  if (!call) throw notUnderstood();
  return call;
}

/** "Timestamp values need to be specified as UTC": https://docs.plivo.com/docs/voice/api/call/retrieve-all-calls */
function utc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
