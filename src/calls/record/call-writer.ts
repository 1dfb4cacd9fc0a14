import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../../common/clock';
import { isE164 } from '../../common/e164';
import { CONFIG, type Config } from '../../config/config';
import { OutboxRepository } from '../../outbox/outbox.repository';
import { InboundRequestsRepository } from '../../phone-numbers/inbound-requests.repository';
import { callIdOf } from '../call-id';
import { CallAgentsRepository } from './call-agents.repository';
import type { CallChange, CallHeardOf, CallRecord, CallStarted } from './call-change';
import { messagesOf } from './call-events';
import { CallLedger } from './call-ledger';
import { CallsRepository } from './calls.repository';
import { NumberSlotsRepository } from './number-slots.repository';

/**
 * Writes what has happened to calls, in one transaction: their rows, their numbers' counts, what their agents are to be told
 * and what became of the requests. The statements are as many for a hundred changes as for one.
 */
@Injectable()
export class CallWriter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly calls: CallsRepository,
    private readonly slots: NumberSlotsRepository,
    private readonly agents: CallAgentsRepository,
    private readonly outbox: OutboxRepository,
    private readonly requests: InboundRequestsRepository,
  ) {}

  /**
   * Begins a call whose slot has just been taken.
   * @throws a duplicate key error (`isDuplicateKey`) where the call is known
   */
  async begin(manager: EntityManager, change: CallStarted): Promise<void> {
    const now = this.clock.now();
    const ledger = new CallLedger([], now);
    ledger.apply(change);
    await this.calls.insert(manager, ledger.inserts, now + this.config.calls.checkAfterMs);
    await this.tell(manager, ledger, now);
    await this.noteVerdicts(manager, [change], now);
  }

  /** @throws a duplicate key error (`isDuplicateKey`) where another process has just written the same call: then once more */
  async write(manager: EntityManager, changes: readonly CallChange[]): Promise<void> {
    const now = this.clock.now();
    const ledger = new CallLedger(await this.stored(manager, changes), now);
    for (const change of changes) {
      const missed = change.kind === 'heard_of' && ledger.isUnknown(change) ? await this.missed(manager, change) : null;
      if (missed) ledger.apply(missed);
      ledger.apply(change);
    }
    await this.save(manager, ledger, now);
    await this.noteVerdicts(manager, changes, now);
  }

  private async save(manager: EntityManager, ledger: CallLedger, now: number): Promise<void> {
    const checkAt = now + this.config.calls.checkAfterMs;
    await this.calls.insert(manager, ledger.inserts, checkAt);
    await this.calls.update(manager, ledger.updates, checkAt);
    await this.slots.change(manager, ledger.slotChanges);
    await this.tell(manager, ledger, now);
  }

  private async tell(manager: EntityManager, ledger: CallLedger, now: number): Promise<void> {
    const agentIds = new Set(ledger.events.flatMap(({ call }) => call.agentId ?? []));
    const interests = await this.agents.interests(manager, [...agentIds]);
    await this.outbox.append(manager, messagesOf(ledger.events, interests, now));
  }

  private async stored(manager: EntityManager, changes: readonly CallChange[]): Promise<CallRecord[]> {
    const callIds = new Set(changes.flatMap(possibleIds));
    // Of calls that we have placed only; what comes in has an identifier that is made of the vendor's name.
    const placed = changes.flatMap((change) => (isUnaddressed(change) ? namesOf(change) : []));
    for (const callId of await this.calls.idsOf(manager, placed)) callIds.add(callId);
    return this.calls.lock(manager, [...callIds]);
  }

  /**
   * The beginning of a call that its vendor tells of, and that we have no record of: the answer was given, but its process died
   * before it was written, or the number was routed by hand.
   */
  private async missed(manager: EntityManager, change: CallHeardOf): Promise<CallStarted | null> {
    const { accountId, provider, providerAccountId, about } = change;
    const { direction, from, to, providerCallIds } = about;
    if (direction !== 'inbound' || change.callId !== null || to === null || !isE164(to)) return null;
    const agentId = await this.agents.agentOfNumber(manager, accountId, provider, to);
    if (agentId === null) return null;
    const [providerCallId] = providerCallIds;
    const call = {
      callId: callIdOf(providerAccountId, providerCallId),
      accountId,
      direction,
      status: 'initiated' as const,
      agentId,
      e164: to,
      farEnd: from,
      provider,
      providerAccountId,
      providerCallId,
      startedAt: change.news.answeredAt ?? change.news.occurredAt ?? this.clock.now(),
      answeredAt: null,
      endedAt: null,
      durationS: null,
      endReason: null,
      metadata: null,
    };
    return { kind: 'started', call, holdsSlot: true, verdict: null };
  }

  private async noteVerdicts(manager: EntityManager, changes: readonly CallChange[], now: number): Promise<void> {
    const noted = changes.flatMap((change) => {
      if (change.kind !== 'started' || change.verdict === null) return [];
      const { accountId, e164 } = change.call;
      return [{ accountId, e164, verdict: change.verdict, at: now }];
    });
    await this.requests.add(manager, noted);
  }
}

function possibleIds(change: CallChange): string[] {
  if (change.kind === 'started') return [change.call.callId];
  const { callId, providerAccountId, about } = change;
  return callId !== null ? [callId] : about.providerCallIds.map((name) => callIdOf(providerAccountId, name));
}

function isUnaddressed(change: CallChange): change is CallHeardOf {
  return change.kind === 'heard_of' && change.callId === null && change.about.direction === 'outbound';
}

function namesOf({ providerAccountId, about }: CallHeardOf) {
  return about.providerCallIds.map((providerCallId) => ({ providerAccountId, providerCallId }));
}
