import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { countryOf } from '../../common/e164';
import { AppError } from '../../common/errors/app-error';
import { isId, newId } from '../../common/ids';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import type { Answer } from '../../providers/contract/answer';
import type { ProviderConnection } from '../../providers/provider-connection';
import { ProvidersService } from '../../providers/providers.service';
import type { Call, CallMetadata } from '../call';
import { CalledNumberRepository } from '../inbound/called-number.repository';
import { connectTo } from '../inbound/inbound-decision';
import { CallRecorder } from '../record/call-recorder.service';
import { CallWriter } from '../record/call-writer';
import { NumberSlotsRepository } from '../record/number-slots.repository';
import { callTarget } from './call-target';
import { type CallerNumber, CallerNumbersRepository } from './caller-numbers.repository';
import { placementFailure } from './placement-failure';
import { PlacementRepository } from './placement.repository';

/** How long a provider may take to take the call, in milliseconds. */
const PLACING_MS = 10_000;
/** When a call is looked after whose process has died before it knew more; and one whose placing was not confirmed. */
const UNPLACED_CHECK_MS = 30_000;
const LOST_CHECK_MS = 15_000;
const RING_TIMEOUT_S = 45;
const MAX_METADATA_BYTES = 16 * 1_024;
const RETRY_AFTER_S = 5;

export interface MakeCall {
  readonly accountId: string;
  readonly agentId: string;
  /** Who is called, E.164. */
  readonly to: string;
  /** One of the agent's numbers, E.164; left out, the best one is chosen. */
  readonly from?: string;
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
    private readonly numbers: CallerNumbersRepository,
    private readonly slots: NumberSlotsRepository,
    private readonly placements: PlacementRepository,
    private readonly writer: CallWriter,
    private readonly recorder: CallRecorder,
    private readonly providers: ProvidersService,
  ) {}

  /**
   * @throws AppError `VALIDATION_FAILED`, `AGENT_NOT_FOUND`, `AGENT_HAS_NO_MEDIA`, `NUMBER_NOT_ATTACHED`, `CALL_LIMIT_REACHED`,
   * `PROVIDER_NOT_CONFIGURED`; `CALL_REFUSED` and `PROVIDER_UNAVAILABLE` when nobody was called
   */
  async make(request: MakeCall): Promise<Call> {
    checkMetadata(request.metadata);
    const callId = newId('call');
    const stream = await this.streamOf(request, callId);
    for (const number of await this.candidates(request)) {
      const connection = await this.connectionAt(request.accountId, number);
      const call = await this.begin(request, callId, number, connection);
      if (call) return this.place({ call, connection, stream });
    }
    throw new AppError('CALL_LIMIT_REACHED', { retryAfterS: RETRY_AFTER_S });
  }

  /** What the agent says it with; a call that nobody would speak in is not placed. */
  private async streamOf({ accountId, agentId, from, to }: MakeCall, callId: string): Promise<Answer> {
    const agent = isId('agent', agentId)
      ? await this.database.read((manager) => this.agents.findAgent(manager, accountId, agentId))
      : null;
    if (agent?.status !== 'active') {
      const details = [{ field: 'agent_id', message: 'no such active agent', value: agentId }];
      throw new AppError('AGENT_NOT_FOUND', { message: 'Agent not found or not active', details });
    }
    const answer = connectTo(agent, { callId, from: from ?? null, to }, this.config.mediaUrl);
    if (!answer) throw new AppError('AGENT_HAS_NO_MEDIA');
    return answer;
  }

  private async candidates({ accountId, agentId, from, to }: MakeCall): Promise<readonly CallerNumber[]> {
    if (from !== undefined) {
      const own = await this.database.read((manager) => this.numbers.ofAgent(manager, accountId, agentId, from));
      return own ? [own] : notAttached(from);
    }
    const { free, hasActive } = await this.database.read(async (manager) => {
      const free = await this.numbers.candidates(manager, accountId, agentId, countryOf(to));
      return { free, hasActive: free.length > 0 || (await this.numbers.hasActive(manager, accountId, agentId)) };
    });
    return hasActive ? free : notAttached();
  }

  private async connectionAt(accountId: string, { provider }: CallerNumber): Promise<ProviderConnection> {
    const connection = await this.providers.connection(accountId, provider);
    if (!connection) throw new AppError('PROVIDER_NOT_CONFIGURED');
    if (!connection.adapter.capabilities.call) throw new AppError('CALLS_NOT_SUPPORTED');
    return connection;
  }

  /** @returns `null` where the number's last slot has been taken meanwhile */
  private begin(
    { accountId, agentId, to, metadata }: MakeCall,
    callId: string,
    { e164, provider }: CallerNumber,
    { providerAccountId }: ProviderConnection,
  ): Promise<Call | null> {
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
        await this.recorder.note({ ...about(call), news: failed(this.clock.now(), failure.endReason) });
        throw failure.error;
      }
      this.logger.warn({ err: error, call_id: call.callId, provider: connection.provider }, 'Call not confirmed');
      await this.lookSoon(call);
      return call;
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

function about({ callId, accountId, provider, providerAccountId, e164, farEnd }: Call) {
  return {
    kind: 'heard_of',
    callId,
    accountId,
    provider,
    providerAccountId,
    about: { providerCallIds: [callId], direction: 'outbound', from: e164, to: farEnd },
  } as const;
}

function failed(now: number, endReason: string) {
  return { status: 'failed', occurredAt: now, answeredAt: null, endedAt: now, durationS: null, endReason } as const;
}

function notAttached(from?: string): never {
  const details = from === undefined ? [] : [{ field: 'from', message: "is not one of the agent's", value: from }];
  throw new AppError('NUMBER_NOT_ATTACHED', { status: 422, details });
}

function checkMetadata(metadata: CallMetadata | undefined): void {
  if (metadata === undefined || Buffer.byteLength(JSON.stringify(metadata)) <= MAX_METADATA_BYTES) return;
  const message = `metadata may hold ${MAX_METADATA_BYTES} bytes of JSON`;
  throw new AppError('VALIDATION_FAILED', { details: [{ field: 'metadata', message }] });
}
