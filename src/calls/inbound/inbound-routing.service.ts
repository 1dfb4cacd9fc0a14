import { Inject, Injectable, Logger } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { within } from '../../common/within';
import { CONFIG, type Config } from '../../config/config';
import type { InboundVerdict } from '../../phone-numbers/number-proof.service';
import type { Answer } from '../../providers/contract/answer';
import type { InboundAccount } from '../../providers/inbound-accounts.service';
import type { Call } from '../call';
import { CallRecorder } from '../record/call-recorder.service';
import type { CallStarted } from '../record/call-change';
import { heardOf } from '../record/heard-of';
import type { CalledAgent, CalledNumber } from './called-number';
import { CalledNumbers } from './called-numbers.service';
import { type AnsweredCall, decide, decideOverLimit, type InboundDecision } from './inbound-decision';
import { InboundHook } from './decision-hook';
import { InboundMetrics } from './inbound-metrics';

/** How long a slot may take to be written before the call is apologised for, in milliseconds. */
const ADMISSION_LIMIT_MS = 1_000;
const APOLOGY = 'We are sorry, your call cannot be taken at the moment. Please call again in a minute.';

/** A call to one of the account's numbers. */
export interface ArrivingCall {
  readonly callId: string;
  /** `null` where the vendor does not name calls. */
  readonly providerCallId: string | null;
  readonly from: string | null;
}

export interface RoutedCall extends InboundDecision {
  /** Settles when its beginning is written, or given up; never rejects. */
  readonly recorded: Promise<void>;
}

interface Situation {
  readonly account: InboundAccount;
  readonly number: CalledNumber;
  readonly agent: CalledAgent;
  readonly call: ArrivingCall;
}

/** Finds out where a call goes, within its number's limit, and sees to it that it is written down. */
@Injectable()
export class InboundRouting {
  private readonly logger = new Logger(InboundRouting.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly numbers: CalledNumbers,
    private readonly hook: InboundHook,
    private readonly recorder: CallRecorder,
    private readonly metrics: InboundMetrics,
  ) {}

  /** @param number as found for the call; only a call to a number with an agent is written down */
  async route(account: InboundAccount, number: CalledNumber | null, call: ArrivingCall): Promise<RoutedCall> {
    const { mediaUrl } = this.config;
    const agent = number?.agent;
    if (!number || !agent) {
      const answered = { ...call, to: number?.e164 ?? null };
      return { ...decide(number, answered, mediaUrl), recorded: Promise.resolve() };
    }
    const { situation, decision } = await this.consult({ account, number, agent, call });
    if (decision.verdict !== 'routed' || number.maxConcurrentCalls === null) return this.note(situation, decision);
    return this.admit(situation, decision);
  }

  /** Asks the agent's webhook, where it has one, before the call is decided on. */
  private async consult(situation: Situation): Promise<{ situation: Situation; decision: InboundDecision }> {
    const { account, number, agent, call } = situation;
    const { mediaUrl } = this.config;
    const answered: AnsweredCall = { ...call, to: number.e164 };
    const plain = { situation, decision: feasible(situation, decide(number, answered, mediaUrl)) };
    if (agent.inboundWebhookUrl === null || agent.status !== 'active') return plain;
    const verdict = await this.hook.ask({
      url: agent.inboundWebhookUrl,
      accountId: account.accountId,
      agentId: agent.agentId,
      callId: call.callId,
      from: call.from,
      to: number.e164,
      provider: account.provider,
    });
    this.metrics.hook(verdict.kind === 'normal' ? (verdict.fault ?? 'normal') : verdict.kind);
    if (verdict.kind === 'normal') return plain;
    if (verdict.kind === 'reject') {
      const answer: Answer = { kind: 'reject', reason: verdict.reason };
      return { situation, decision: { verdict: 'hook_rejected', answer } };
    }
    const chosen = verdict.agentId === null ? agent : await this.otherAgent(account.accountId, verdict.agentId);
    if (!chosen) return plain;
    const taken = { ...number, agent: chosen };
    const changed = { ...situation, number: taken, agent: chosen };
    const decision = feasible(changed, decide(taken, { ...answered, variables: verdict.variables }, mediaUrl));
    return { situation: changed, decision };
  }

  private async otherAgent(accountId: string, agentId: string): Promise<CalledAgent | null> {
    const agent = await this.numbers.findAgent(accountId, agentId).catch(() => null);
    if (!agent) this.metrics.hook('unknown_agent');
    return agent;
  }

  private note(situation: Situation, decision: InboundDecision): RoutedCall {
    return { ...decision, recorded: this.recorder.note(this.started(situation, decision)) };
  }

  private async admit(situation: Situation, decision: InboundDecision): Promise<RoutedCall> {
    const started = this.started(situation, decision);
    const admitting = this.recorder.admit(started);
    try {
      if (await within(ADMISSION_LIMIT_MS, admitting)) return { ...decision, recorded: Promise.resolve() };
    } catch (error) {
      void this.takeBack(admitting, started);
      // Whether there is a slot cannot be told, and a limit is not to be overstepped.
      this.logger.warn({ err: error }, 'Call not admitted');
      return { ...this.apology(situation.agent), recorded: Promise.resolve() };
    }
    const { agent, number } = situation;
    return this.note(situation, feasible(situation, decideOverLimit(agent, number), 'over_limit'));
  }

  /** The slot may be taken after all, when the caller has been apologised to: then it is not his. */
  private async takeBack(admitting: Promise<boolean>, { call }: CallStarted): Promise<void> {
    if (!(await admitting.catch(() => false))) return;
    const news = { status: 'failed', occurredAt: this.clock.now(), endReason: 'unavailable' } as const;
    await this.recorder.note(heardOf(call, news));
  }

  /** For a call of which nobody can say where it goes. */
  apology(agent: Pick<CalledAgent, 'language'> | null): InboundDecision {
    return { verdict: 'unavailable', answer: { kind: 'say', text: APOLOGY, language: agent?.language ?? null } };
  }

  private started({ account, number, agent, call }: Situation, { verdict, answer }: InboundDecision): CallStarted {
    const now = this.clock.now();
    const end: Pick<Call, 'status' | 'endedAt' | 'durationS' | 'endReason'> =
      answer.kind === 'reject'
        ? { status: statusOf(answer.reason), endedAt: now, durationS: 0, endReason: verdict }
        : { status: 'initiated', endedAt: null, durationS: null, endReason: null };
    return {
      kind: 'started',
      call: {
        callId: call.callId,
        accountId: account.accountId,
        direction: 'inbound',
        agentId: agent.agentId,
        e164: number.e164,
        farEnd: call.from,
        provider: account.provider,
        providerAccountId: account.providerAccountId,
        providerCallId: call.providerCallId,
        startedAt: now,
        answeredAt: null,
        metadata: null,
        ...end,
      },
      holdsSlot: verdict === 'routed',
      verdict,
    };
  }
}

/** A vendor that opens a WebSocket can be given a stream or nothing. */
function feasible(
  { account, agent }: Situation,
  decision: InboundDecision,
  cause: InboundVerdict = agent.status === 'active' ? 'no_media' : 'agent_inactive',
): InboundDecision {
  const isFeasible = account.adapter.answer !== null || ['stream', 'reject'].includes(decision.answer.kind);
  return isFeasible ? decision : { verdict: cause, answer: { kind: 'reject', reason: 'busy' } };
}

function statusOf(reason: Extract<Answer, { kind: 'reject' }>['reason']): Call['status'] {
  return reason === 'busy' ? 'busy' : 'failed';
}
