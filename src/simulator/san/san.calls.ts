import { SimCallEnd } from '../core/call';
import { newCallIds, placeSanCall, SanCall } from './san.call';
import { SanCallReport, SanLine } from './san.line';

const HANDSHAKE_TIMEOUT_MS = 10_000;
const CALLBACK_TIMEOUT_MS = 10_000;
const KEPT_CALLS = 20_000;

/** A call as the PBX knows it. Members are written to JSON, hence their spelling. */
export interface SanCallRecord {
  readonly id: string;
  readonly tenant: string;
  readonly direction: 'inbound' | 'outbound';
  readonly from: string;
  readonly to: string;
  readonly websocket_url: string;
  status: 'ringing' | 'in_progress' | SimCallEnd;
  /** Unix milliseconds, as all times here. */
  readonly started_at: number;
  answered_at: number | null;
  ended_at: number | null;
  report: SanCallReport | null;
  /** How the request after the call was answered; `null` when there was none. */
  status_callback: { readonly url: string; readonly http_status: number | null; readonly error?: string } | null;
}

export interface SanDial {
  readonly tenant: string;
  /** E.164. */
  readonly from: string;
  /** E.164. */
  readonly to: string;
  readonly websocketUrl: string;
  readonly statusCallback: string | null;
  /** Goes into the status callback as it is. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All calls of the PBX, inbound and outbound. */
export class SanCalls {
  private readonly records = new Map<string, SanCallRecord>();
  private readonly lines = new Map<string, SanLine>();
  private readonly outcomes = new Map<string, SimCallEnd>();

  constructor(private readonly now: () => number) {}

  /** In the order of their beginning. */
  list(): SanCallRecord[] {
    return [...this.records.values()];
  }

  find(id: string): SanCallRecord | undefined {
    return this.records.get(id);
  }

  clear(): void {
    this.records.clear();
    this.outcomes.clear();
  }

  /** How calls placed to this number end before anybody picks up; `null` = they are answered, as is the default. */
  setOutcome(to: string, outcome: SimCallEnd | null): void {
    if (outcome === null) this.outcomes.delete(to);
    else this.outcomes.set(to, outcome);
  }

  /** A call from outside. Resolves also when nobody answers. */
  async receive(call: SanCall, tenant: string): Promise<SanCallReport> {
    const ids = newCallIds();
    const record = this.add(ids.callId, { ...call, tenant, websocketUrl: call.url }, 'inbound');
    const report = await placeSanCall(call, ids);
    this.close(record, report, 'completed');
    return report;
  }

  /** A call that the API has asked for: it rings and goes on by itself. */
  dial(dial: SanDial): SanCallRecord {
    const ids = newCallIds();
    const record = this.add(ids.callId, dial, 'outbound');
    setImmediate(() => void this.ring(record, dial, ids));
    return record;
  }

  /** Whether there was such a call under way. */
  hangUp(id: string): boolean {
    const record = this.records.get(id);
    if (!record || record.ended_at !== null) return false;
    const line = this.lines.get(id);
    if (line) line.hangUp();
    else this.close(record, null, 'canceled');
    return true;
  }

  private add(
    id: string,
    { tenant, from, to, websocketUrl }: Pick<SanDial, 'tenant' | 'from' | 'to' | 'websocketUrl'>,
    direction: SanCallRecord['direction'],
  ): SanCallRecord {
    const times = { started_at: this.now(), answered_at: null, ended_at: null };
    const call = { id, tenant, direction, from, to, websocket_url: websocketUrl };
    const record: SanCallRecord = { ...call, status: 'ringing', ...times, report: null, status_callback: null };
    this.records.set(id, record);
    for (const oldest of this.records.keys()) {
      if (this.records.size <= KEPT_CALLS) break;
      this.records.delete(oldest);
    }
    return record;
  }

  private async ring(record: SanCallRecord, dial: SanDial, ids: ReturnType<typeof newCallIds>): Promise<void> {
    const outcome = this.outcomes.get(record.to);
    if (record.ended_at === null && outcome !== undefined) this.close(record, null, outcome);
    if (record.ended_at === null) await this.talk(record, ids);
    if (dial.statusCallback !== null) await this.tell(record, dial, dial.statusCallback);
  }

  /** The callee has picked up: only now the WebSocket is opened, and the call lasts as long as it. */
  private async talk(record: SanCallRecord, ids: ReturnType<typeof newCallIds>): Promise<void> {
    record.status = 'in_progress';
    record.answered_at = this.now();
    const { websocket_url: url, from, to } = record;
    const line = new SanLine({ url, ids, from, to, isAnswered: true, handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS });
    this.lines.set(record.id, line);
    const report = await line.report;
    this.lines.delete(record.id);
    this.close(record, report, 'completed');
  }

  private close(record: SanCallRecord, report: SanCallReport | null, status: SimCallEnd): void {
    record.report = report;
    record.status = report && !report.connected ? 'failed' : status;
    record.ended_at = this.now();
    if (record.direction === 'inbound' && report?.connected) record.answered_at = record.started_at;
  }

  /** `status_callback` is known to come after the call; its method and its fields are a choice. */
  private async tell(record: SanCallRecord, { fields }: SanDial, url: string): Promise<void> {
    const body = JSON.stringify({
      ...fields,
      callid: record.id,
      status: DISPOSITIONS[record.status],
      start_time: record.started_at,
      answer_time: record.answered_at,
      end_time: record.ended_at,
      duration: Math.round(((record.ended_at ?? 0) - (record.answered_at ?? record.ended_at ?? 0)) / 1000),
    });
    try {
      const signal = AbortSignal.timeout(CALLBACK_TIMEOUT_MS);
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      record.status_callback = { url, http_status: response.status };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      record.status_callback = { url, http_status: null, error: message };
    }
  }
}

/** In Asterisk's words, on which the PBX is built. */
const DISPOSITIONS: Readonly<Record<SanCallRecord['status'], string>> = {
  ringing: 'NO ANSWER',
  in_progress: 'ANSWERED',
  completed: 'ANSWERED',
  busy: 'BUSY',
  no_answer: 'NO ANSWER',
  failed: 'FAILED',
  canceled: 'NO ANSWER',
};
