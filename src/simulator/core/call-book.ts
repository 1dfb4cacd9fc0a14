import {
  CallProtocol,
  Exchange,
  OutgoingRequest,
  ReceivedAnswer,
  SIM_CALL_ENDS,
  SimCall,
  SimCallEnd,
  SimCallStatus,
} from './call';
import { BadInput } from './input';

const ANSWER_TIMEOUT_MS = 15_000;
const KEPT_CALLS = 20_000;

export interface CallEnd {
  readonly status: SimCallEnd;
  /** Length of the conversation by the vendor's clock, in seconds; as long as it really took when absent. */
  readonly duration_s?: number;
}

export type NewOutboundCall = Pick<SimCall, 'id' | 'account' | 'from' | 'to' | 'details'>;

/** The calls of one vendor: places them, follows the answer document, tells of every status, and remembers it all. */
export class CallBook {
  private readonly calls = new Map<string, SimCall>();
  private readonly outcomes = new Map<string, SimCallEnd>();

  constructor(
    private readonly protocol: CallProtocol,
    private readonly now: () => number,
  ) {}

  /** In the order of their beginning. */
  list(): SimCall[] {
    return [...this.calls.values()];
  }

  find(id: string): SimCall | undefined {
    return this.calls.get(id);
  }

  clear(): void {
    this.calls.clear();
    this.outcomes.clear();
  }

  /** How calls placed to this number end before anybody picks up; `null` = they are answered, as is the default. */
  setOutcome(to: string, outcome: SimCallEnd | null): void {
    if (outcome === null) this.outcomes.delete(to);
    else this.outcomes.set(to, outcome);
  }

  /**
   * A call from outside: asks for the document and does what it says, as far as nobody has to speak.
   * @throws BadInput when no account holds the number
   */
  async receive(from: string, to: string): Promise<SimCall> {
    const call = this.add({ ...this.protocol.open(from, to), from, to }, 'inbound', 'ringing');
    await this.follow(call);
    return call;
  }

  /** A call placed through the vendor's API: it rings and goes on by itself, after the API has answered. */
  place(call: NewOutboundCall): SimCall {
    const placed = this.add(call, 'outbound', 'queued');
    setImmediate(() => void this.ring(placed));
    return placed;
  }

  /** Ends a call that is under way and tells so. @throws BadInput when there is no such call, or it has ended */
  async end(id: string, { status, duration_s: durationS }: CallEnd): Promise<SimCall> {
    const call = this.calls.get(id);
    if (!call) throw new BadInput(`there is no call ${id}`);
    if (!isLive(call)) throw new BadInput(`call ${id} has ended already`);
    const from = call.answered_at ?? call.started_at;
    call.ended_at = durationS === undefined ? this.now() : from + durationS * 1000;
    await this.reach(call, status);
    return call;
  }

  private add(call: NewOutboundCall, direction: SimCall['direction'], status: SimCallStatus): SimCall {
    const times = { started_at: this.now(), answered_at: null, ended_at: null };
    const added: SimCall = { ...call, direction, status, ...times, understood: null, exchanges: [] };
    this.calls.set(added.id, added);
    for (const id of this.calls.keys()) {
      if (this.calls.size <= KEPT_CALLS) break;
      this.calls.delete(id);
    }
    return added;
  }

  private async ring(call: SimCall): Promise<void> {
    await this.tell(call, 'queued');
    if (!isLive(call)) return;
    await this.reach(call, 'ringing');
    const outcome = this.outcomes.get(call.to);
    if (!isLive(call)) return;
    if (outcome !== undefined) return void (await this.end(call.id, { status: outcome }));
    call.answered_at = this.now();
    await this.reach(call, 'in_progress');
    if (isLive(call)) await this.follow(call);
  }

  private async follow(call: SimCall): Promise<void> {
    call.understood = this.protocol.toldBefore?.(call) ?? null;
    if (!call.understood) await this.ask(call, this.protocol.documentRequest(call));
    if (isMissing(call)) await this.ask(call, this.protocol.fallbackRequest?.(call) ?? null);
    switch (call.understood?.action) {
      case undefined:
      case 'invalid':
        return this.endUnlessOver(call, 'failed');
      case 'reject':
        return this.endUnlessOver(call, call.understood.reason === 'busy' ? 'busy' : 'failed');
      case 'say':
      case 'hangup':
        call.answered_at ??= this.now();
        return this.endUnlessOver(call, 'completed');
      case 'stream':
      case 'sip':
      case 'dial':
        if (call.answered_at !== null || !isLive(call)) return;
        call.answered_at = this.now();
        await this.reach(call, 'in_progress');
    }
  }

  private async ask(call: SimCall, request: OutgoingRequest | null): Promise<void> {
    const answer = request && (await this.exchange(call, request, { purpose: 'document' }));
    if (answer) call.understood = this.protocol.understand(answer, call);
  }

  private async endUnlessOver(call: SimCall, status: SimCallEnd): Promise<void> {
    if (isLive(call)) await this.end(call.id, { status });
  }

  private async reach(call: SimCall, status: SimCallStatus): Promise<void> {
    call.status = status;
    await this.tell(call, status);
  }

  private async tell(call: SimCall, status: SimCallStatus): Promise<void> {
    const request = this.protocol.statusRequest(call, status);
    if (request) await this.exchange(call, request, { purpose: 'status', call_status: status });
  }

  private async exchange(
    call: SimCall,
    request: OutgoingRequest,
    what: Pick<Exchange, 'purpose' | 'call_status'>,
  ): Promise<ReceivedAnswer | null> {
    const { method, url, headers, body } = request;
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      const response = await fetch(url, { method, headers, body, redirect: 'manual', signal });
      const text = await response.text();
      call.exchanges.push({ ...what, method, url, http_status: response.status });
      return { status: response.status, contentType: response.headers.get('content-type') ?? '', text };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      call.exchanges.push({ ...what, method, url, http_status: null, error: message });
      return null;
    }
  }
}

function isMissing({ understood }: SimCall): boolean {
  return understood === null || understood.action === 'invalid';
}

function isLive({ status }: SimCall): boolean {
  return !SIM_CALL_ENDS.some((end) => end === status);
}
