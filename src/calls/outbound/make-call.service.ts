import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { AppError } from '../../common/errors/app-error';
import { isId, newId } from '../../common/ids';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import type { Answer } from '../../providers/contract/answer';
import type { ProviderConnection } from '../../providers/provider-connection';
import { ProvidersService } from '../../providers/providers.service';
import type { Call, CallMetadata } from '../call';
import type { CalledAgent } from '../inbound/called-number';
import { CalledNumberRepository } from '../inbound/called-number.repository';
import { connectTo } from '../inbound/inbound-decision';
import { CallRecorder } from '../record/call-recorder.service';
import { CallWriter } from '../record/call-writer';
import { heardOf } from '../record/heard-of';
import { NumberSlotsRepository } from '../record/number-slots.repository';
import { callTarget } from './call-target';
import { type Caller, CallerChoice, type WantedCaller } from './caller-choice.service';
import { CallerNumbersRepository } from './caller-numbers.repository';
import { placementFailure } from './placement-failure';
import { PlacementRepository } from './placement.repository';

/** How long a provider may take to take the call, in milliseconds. */
const PLACING_MS = 10_000;
/** When a call is looked after whose process has died before it knew more; and one whose placing was not confirmed. */
const UNPLACED_CHECK_MS = 30_000;
const LOST_CHECK_MS = 15_000;
const RING_TIMEOUT_S = 45;
const RETRY_AFTER_S = 5;
/** How often numbers are chosen anew of which others have taken the last slot meanwhile. */
const MOST_LOOKS = 5;

export interface MakeCall extends WantedCaller {
  readonly metadata?: CallMetadata;
}

interface Placing {
  readonly call: Call;
  readonly connection: ProviderConnection;
  readonly stream: Answer;
}

/**
 * Places calls, each once: its row and its slot are committed before the provider is asked, and nobody ever asks again. Where
 * the provider's answer is lost the call stays `initiated` until its status arrives, or the sweep has asked for it.
 */
@Injectable()
export class MakeCallService {
  private readonly logger = new Logger(MakeCallService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly agents: CalledNumberRepository,
    private readonly choice: CallerChoice,
    private readonly numbers: CallerNumbersRepository,
    private readonly slots: NumberSlotsRepository,
    private readonly placements: PlacementRepository,
    private readonly writer: CallWriter,
    private readonly recorder: CallRecorder,
    private readonly providers: ProvidersService,
  ) {}

  /**
   * @throws AppError `AGENT_NOT_FOUND`, `NUMBER_NOT_ATTACHED`, `CALLS_NOT_SUPPORTED`, `PROVIDER_NOT_CONFIGURED`,
   * `AGENT_HAS_NO_MEDIA`, `CALL_LIMIT_REACHED`; `CALL_REFUSED` and `PROVIDER_UNAVAILABLE` when nobody was called
   */
  async make(request: MakeCall): Promise<Call> {
    const callId = newId('call');
    const agent = await this.activeAgent(request);
    let callers = await this.choice.find(request);
    const stream = this.streamOf(agent, request, callId);
    for (let look = 1; callers.length > 0; look++) {
      for (const { e164, connection } of callers) {
        const call = await this.begin(request, callId, { e164, connection });
        if (call) return this.place({ call, connection, stream });
      }
      callers = look < MOST_LOOKS && request.from === undefined ? await this.choice.find(request) : [];
    }
    throw new AppError('CALL_LIMIT_REACHED', { retryAfterS: RETRY_AFTER_S });
  }

  private async activeAgent({ accountId, agentId }: MakeCall): Promise<CalledAgent> {
    const agent = isId('agent', agentId)
      ? await this.database.read((manager) => this.agents.findAgent(manager, accountId, agentId))
      : null;
    if (agent?.status === 'active') return agent;
    const details = [{ field: 'agent_id', message: 'no such active agent', value: agentId }];
    throw new AppError('AGENT_NOT_FOUND', { message: 'Agent not found or not active', details });
  }

  /** What the agent says it with; a call that nobody would speak in is not placed. */
  private streamOf(agent: CalledAgent, { from, to }: MakeCall, callId: string): Answer {
    const answer = connectTo(agent, { callId, from: from ?? null, to }, this.config.mediaUrl);
    if (!answer) throw new AppError('AGENT_HAS_NO_MEDIA');
    return answer;
  }

  /** @returns `null` where the number has no free slot any more, or is the agent's no more */
  private begin(
    { accountId, agentId, to, metadata }: MakeCall,
    callId: string,
    { e164, connection }: Caller,
  ): Promise<Call | null> {
    const { provider, providerAccountId } = connection;
    const call: Call = {
      callId,
      accountId,
      direction: 'outbound',
      status: 'initiated',
      agentId,
      e164,
      farEnd: to,
      provider,
      providerAccountId,
      providerCallId: null,
      startedAt: this.clock.now(),
      answeredAt: null,
      endedAt: null,
      durationS: null,
      endReason: null,
      metadata: metadata ?? null,
    };
    return this.database.transaction(async (manager) => {
      if (!(await this.numbers.hold(manager, accountId, agentId, e164))) return null;
      if (!(await this.slots.take(manager, accountId, e164))) return null;
      await this.writer.begin(manager, { kind: 'started', call, holdsSlot: true, verdict: null });
      await this.placements.checkAt(manager, callId, call.startedAt + UNPLACED_CHECK_MS);
      return call;
    });
  }

  private async place(placing: Placing): Promise<Call> {
    const { call, connection } = placing;
    try {
      const providerCallId = await this.ask(placing);
      await this.keepName(call, providerCallId);
      return { ...call, providerCallId };
    } catch (error) {
      const failure = placementFailure(error);
      if (failure) {
        await this.end(call, failure.endReason);
        throw failure.error;
      }
      this.logger.warn({ err: error, call_id: call.callId, provider: connection.provider }, 'Call not confirmed');
      await this.lookSoon(call);
      return call;
    }
  }

  /** The client is told why all the same where that cannot be written now. */
  private async end(call: Call, endReason: string): Promise<void> {
    const now = this.clock.now();
    const change = heardOf(call, { status: 'failed', occurredAt: now, endedAt: now, endReason });
    try {
      await this.recorder.record(change);
    } catch {
      void this.recorder.note(change);
    }
  }

  private async ask({ call, connection, stream }: Placing): Promise<string> {
    const { callId, e164: from, farEnd: to } = call;
    const parameters = stream.kind === 'stream' ? { ...stream.parameters, from } : {};
    const placed = await connection.client.placeCall(
      {
        from,
        to: to ?? '',
        ...callTarget(this.providers, connection, from, callId),
        stream: stream.kind === 'stream' ? { ...stream, parameters } : null,
        ringTimeoutS: RING_TIMEOUT_S,
      },
      AbortSignal.timeout(PLACING_MS),
    );
    return placed.providerCallId;
  }

  /** The call is placed: that its name cannot be written now is no reason to say otherwise. */
  private async keepName({ callId }: Call, providerCallId: string): Promise<void> {
    const checkAt = this.clock.now() + this.config.calls.checkAfterMs;
    try {
      await this.database.transaction(async (manager) => {
        await this.placements.name(manager, callId, providerCallId);
        await this.placements.checkAt(manager, callId, checkAt);
      });
    } catch (error) {
      this.logger.error({ err: error, call_id: callId }, 'Name of a placed call not written');
    }
  }

  private async lookSoon({ callId }: Call): Promise<void> {
    const at = this.clock.now() + LOST_CHECK_MS;
    try {
      await this.database.transaction((manager) => this.placements.checkAt(manager, callId, at));
    } catch (error) {
      this.logger.error({ err: error, call_id: callId }, 'Unconfirmed call is looked after later');
    }
  }
}
