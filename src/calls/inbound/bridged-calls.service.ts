import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { BackgroundLoop } from '../../common/background-loop';
import { Database } from '../../database/database';
import type { CallStatus } from '../../providers/contract/call';
import type { InboundAccount } from '../../providers/inbound-accounts.service';
import { CallRecorder } from '../record/call-recorder.service';
import { heardOf } from '../record/heard-of';
import { BridgedCallsRepository } from './bridged-calls.repository';
import { InboundMetrics } from './inbound-metrics';
import type { BridgeEnd, MediaBridge } from './media-bridge';

/** How often somebody may have asked for a call to be ended, in milliseconds. */
const LOOK_MS = 1_000;
/**
 * How long a call is believed to be under way without its process saying so, in milliseconds. It says so three times as often;
 * of one that was killed the sweep ends the calls then.
 */
export const ALIVE_MS = 60_000;
const BEATS_MS = ALIVE_MS / 3;
/** How long a stopping process waits for both sides of its calls, in milliseconds. */
const CLOSING_MS = 1_000;

/** A call whose media goes through this process. */
export interface BridgedCall {
  readonly account: InboundAccount;
  readonly callId: string;
  /** The number called, E.164. */
  readonly e164: string;
  /** Settles when its beginning is written. */
  readonly recorded: Promise<void>;
}

/** The calls whose media goes through this process: no vendor tells how they go, so it is told from here. */
@Injectable()
export class BridgedCalls {
  private readonly logger = new Logger(BridgedCalls.name);
  private readonly bridges = new Map<string, MediaBridge>();
  private readonly written = new Set<Promise<void>>();
  private readonly loop = new BackgroundLoop({
    turn: () => this.look(),
    onFailure: (error) => this.logger.error({ err: error }, 'Bridged calls not looked after'),
  });
  private isLooking = false;
  private beatAt = 0;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly calls: BridgedCallsRepository,
    private readonly recorder: CallRecorder,
    private readonly metrics: InboundMetrics,
  ) {}

  /** The agent has taken the call. */
  answered(call: BridgedCall): void {
    this.tell(call, 'in_progress', null);
  }

  /** Follows a call to its end. */
  add(call: BridgedCall, bridge: MediaBridge): void {
    this.bridges.set(call.callId, bridge);
    this.metrics.bridged(this.bridges.size);
    this.startLooking();
    // The first sign of life, since until now nobody knows that this one is bridged.
    void call.recorded.then(() => this.beat([call.callId])).catch((error: unknown) => this.warn(error));
    void bridge.ended.then((end) => {
      this.bridges.delete(call.callId);
      this.metrics.bridged(this.bridges.size);
      this.tell(call, end === 'agent_unreachable' ? 'failed' : 'completed', end);
    });
  }

  /** The vendor had gone before its socket was taken. */
  abandoned({ bridged }: { readonly bridged: BridgedCall | null }): void {
    if (bridged) this.tell(bridged, 'canceled', 'caller_hung_up');
  }

  /** Ends all calls in good order, and waits a while until that is written. */
  async endAll(): Promise<void> {
    this.loop.stop();
    const bridges = [...this.bridges.values()];
    for (const bridge of bridges) bridge.close('shutdown');
    const ended = Promise.all(bridges.map((bridge) => bridge.ended)).then(() => Promise.all(this.written));
    await Promise.race([ended, delay(CLOSING_MS, undefined, { ref: false })]);
  }

  private tell(call: BridgedCall, status: CallStatus, endReason: BridgeEnd | null): void {
    const { account, callId, e164 } = call;
    const known = { ...account, callId, e164, direction: 'inbound', farEnd: null, providerCallId: null } as const;
    const change = heardOf(known, { status, occurredAt: this.clock.now(), endReason });
    const writing = call.recorded
      .then(() => this.recorder.note(change))
      .finally(() => {
        this.written.delete(writing);
      });
    this.written.add(writing);
  }

  private startLooking(): void {
    if (this.isLooking) return;
    this.isLooking = true;
    this.loop.start(LOOK_MS);
  }

  private async look(): Promise<number> {
    const callIds = [...this.bridges.keys()];
    if (callIds.length === 0) return LOOK_MS;
    const hungUp = await this.database.read((manager) => this.calls.toHangUp(manager, callIds));
    for (const callId of hungUp) this.bridges.get(callId)?.close('hung_up');
    if (this.clock.now() - this.beatAt >= BEATS_MS) {
      this.beatAt = this.clock.now();
      await this.beat(callIds);
    }
    return LOOK_MS;
  }

  private async beat(callIds: readonly string[]): Promise<void> {
    const checkAt = this.clock.now() + ALIVE_MS;
    await this.database.transaction((manager) => this.calls.keepAlive(manager, callIds, checkAt));
  }

  private warn(error: unknown): void {
    this.logger.warn({ err: error }, 'A bridged call is not marked as such');
  }
}
