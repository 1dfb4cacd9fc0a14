import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Semaphore } from 'async-mutex';
import { CLOCK, type Clock } from '../../common/clock';
import { newId } from '../../common/ids';
import { PROVIDER_NAMES } from '../../common/provider-name';
import { CONFIG, type Config } from '../../config/config';
import { Database } from '../../database/database';
import type { CallReport } from '../../providers/contract/call';
import type { ProviderClient } from '../../providers/contract/provider-adapter';
import { ProviderError } from '../../providers/contract/provider-error';
import { ProvidersService } from '../../providers/providers.service';
import type { Call } from '../call';
import { ALIVE_MS } from '../inbound/bridged-calls.service';
import { CallWriter } from '../record/call-writer';
import { heardOf } from '../record/heard-of';
import type { CallCheck, CheckDecision, CheckOutcome, Finding } from './call-check';
import { CallChecksRepository } from './call-checks.repository';
import { CallSweepMetrics } from './call-sweep-metrics';
import { decide } from './check-decision';

/** How many calls one turn claims, and how many of them are asked for at once at one provider account. */
const BATCH = 16;
const AT_ONCE = 4;
/** For one call, in milliseconds. */
const TIME_LIMIT_MS = 7_000;
/**
 * How long a claim is good for, in milliseconds: longer than it takes when every call of the batch is on one account and takes
 * as long as it may. What is found less than the margin before its end could not be written any more.
 */
const CLAIM_MS = 35_000;
const MARGIN_MS = 3_000;
/** How long until a call is sought again that was found under another's name, in milliseconds. */
const SOON_MS = 15_000;
/** How long a stopping process waits for what is under way, in milliseconds. */
const DRAIN_MS = 5_000;

/**
 * Looks after calls of which nothing was heard for a while: asks their vendor how they go and writes that down like any other
 * news, so that a call whose end was never told ends all the same and its number has its slot back. What there is other news
 * of meanwhile is left alone.
 */
@Injectable()
export class CallSweep implements OnApplicationShutdown {
  private readonly logger = new Logger(CallSweep.name);
  private readonly underWay = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly repository: CallChecksRepository,
    private readonly writer: CallWriter,
    private readonly providers: ProvidersService,
    private readonly metrics: CallSweepMetrics,
  ) {}

  /** One turn of the worker. @returns how many calls were due */
  async checkDue(): Promise<number> {
    const checks = await this.claimDue();
    const turns = new Map<string, Semaphore>();
    const checking = checks.map((check) => {
      const { providerAccountId } = check.call;
      const turn = turns.get(providerAccountId) ?? new Semaphore(AT_ONCE);
      turns.set(providerAccountId, turn);
      return this.track(turn.runExclusive(() => this.check(check)));
    });
    await Promise.all(checking);
    return checks.length;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.race([Promise.all(this.underWay), delay(DRAIN_MS, undefined, { ref: false })]);
  }

  private claimDue(): Promise<CallCheck[]> {
    const now = this.clock.now();
    // News of a bridged call may have it looked after sooner than its process gives a sign of life.
    const dueBefore = now - Math.max(0, ALIVE_MS - this.config.calls.checkAfterMs);
    const bridged = { providers: PROVIDER_NAMES.filter((name) => this.isBridging(name)), dueBefore };
    const claim = { claim: newId('claim'), now, until: now + CLAIM_MS, bridged };
    return this.database.transaction((manager) => this.repository.claimDue(manager, BATCH, claim));
  }

  private track(checking: Promise<void>): Promise<void> {
    this.underWay.add(checking);
    return checking.finally(() => this.underWay.delete(checking));
  }

  private async check(check: CallCheck): Promise<void> {
    const left = check.claimedUntil - MARGIN_MS - this.clock.now();
    // It is due again when the claim lapses.
    if (this.stopping || left <= 0) return;
    const { call } = check;
    try {
      const finding = await this.findOut(call, Math.min(left, TIME_LIMIT_MS));
      const patienceMs = finding.kind === 'lost' ? ALIVE_MS : this.config.calls.checkAfterMs;
      const context = { now: this.clock.now(), patienceMs, random: Math.random() };
      const outcome = await this.settle(check, decide(check, finding, context));
      this.metrics.count(call.provider, outcome);
      if (outcome === 'end_unknown' || outcome === 'connection_lost' || outcome === 'not_placed') {
        this.logger.warn({ call_id: call.callId, provider: call.provider, end_reason: outcome }, 'Call given up');
      }
    } catch (error) {
      this.logger.error({ err: error, call_id: call.callId }, 'Call not looked after');
    }
  }

  private async findOut(call: Call, limitMs: number): Promise<Finding> {
    if (call.direction === 'inbound' && this.isBridging(call.provider)) return { kind: 'lost' };
    try {
      const connection = await this.providers.connection(call.accountId, call.provider);
      if (connection?.providerAccountId !== call.providerAccountId) return { kind: 'unconfigured' };
      return { kind: 'reported', report: await this.ask(connection.client, call, limitMs) };
    } catch (error) {
      if (!(error instanceof ProviderError)) {
        this.logger.error({ err: error, call_id: call.callId }, 'Call could not be asked for');
      }
      return { kind: 'failed', error };
    }
  }

  private async ask(client: ProviderClient, call: Call, limitMs: number): Promise<CallReport> {
    const { providerCallId, direction, e164: ownNumber, farEnd, startedAt } = call;
    const signal = AbortSignal.timeout(limitMs);
    // Of a call that the vendor has named only its name matters.
    const others =
      providerCallId === null ? await this.database.read((manager) => this.repository.othersOf(manager, call)) : [];
    return client.readCall({ providerCallId, direction, ownNumber, farEnd, startedAt, others }, signal);
  }

  private settle(check: CallCheck, decision: CheckDecision): Promise<CheckOutcome> {
    const { call } = check;
    return this.database.transaction(async (manager) => {
      if (!(await this.repository.hold(manager, check))) return 'overtaken';
      if (decision.kind === 'later') {
        await this.repository.checkAgainAt(manager, check, decision.at);
        return decision.outcome;
      }
      const { providerCallId } = decision;
      const isNew = providerCallId !== null && call.providerCallId === null && call.direction === 'outbound';
      if (isNew && (await this.repository.isTaken(manager, call, providerCallId))) {
        await this.repository.checkAgainAt(manager, check, this.clock.now() + SOON_MS);
        return 'not_listed';
      }
      await this.writer.write(manager, [heardOf(call, decision.news, providerCallId)]);
      await this.repository.letGo(manager, check);
      return decision.outcome;
    });
  }

  private isBridging(provider: Call['provider']): boolean {
    return this.providers.adapter(provider).answer === null;
  }
}
