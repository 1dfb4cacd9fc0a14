import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../common/clock';
import { countryOf } from '../common/e164';
import { CONFIG, type Config } from '../config/config';
import type { ProviderName } from '../common/provider-name';
import { detachedFrom, type NumberChange } from '../phone-numbers/news/number-change';
import { NumberNews } from '../phone-numbers/news/number-news';
import { ProvidersService } from '../providers/providers.service';
import { type AttachFacts, checkAttach, type RequestedNumber } from './attachment-rules';
import { type AgentRow, AttachmentsRepository, type NewNumber } from './attachments.repository';
import type { NumberRow } from './number-state';
import { attached, type Attachment, attachmentChanges } from './number-transitions';
import type { Ownership } from './ownership';

export interface AttachRequest {
  readonly accountId: string;
  readonly agentId: string;
  readonly requested: readonly RequestedNumber[];
  readonly ownership: ReadonlyMap<string, Ownership>;
  readonly reassign: boolean;
  readonly dryRun: boolean;
}

/** What one run of the transaction came to. */
export interface Attempt {
  /** Numbers whose ownership has to be looked up before the run can be repeated; where there are any, none is attached. */
  readonly unknown: readonly string[];
  /** The numbers asked for as they are now (on a dry run: as they would be). */
  readonly rows: ReadonlyMap<string, NumberRow>;
  /** Numbers whose provider has to be told. */
  readonly raised: readonly string[];
  /** What agents' webhooks may want to be told of. */
  readonly changes: readonly NumberChange[];
  /** When they were made, Unix milliseconds. */
  readonly at: number;
}

/** More work of the caller's, done in the same transaction after the numbers' changes. */
export type AlsoDo = (manager: EntityManager) => Promise<void>;

/** Unix milliseconds. */
interface Times {
  readonly now: number;
  /** When the reconciler takes what has changed. */
  readonly routeDueAt: number;
}

/** A worker leaves a number alone for so long after the request's own time with the provider, in milliseconds. */
const INLINE_GRACE_MS = 500;

/** The part of attach and detach that runs inside the transaction. */
@Injectable()
export class AttachmentWriter {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly repository: AttachmentsRepository,
    private readonly providers: ProvidersService,
    private readonly news: NumberNews,
  ) {}

  /** Attaches numbers of one provider. */
  async attach(manager: EntityManager, request: AttachRequest & { readonly provider: ProviderName }): Promise<Attempt> {
    const { accountId, agentId, provider } = request;
    const { agent, configured } = await this.repository.lockAgentAndProvider(manager, accountId, agentId, provider);
    const attempt = await this.change(manager, request, agent, new Set(configured ? [provider] : []), []);
    const known = new Map(agent ? [[agentId, agent.interest]] : []);
    await this.news.tell(manager, accountId, attempt.changes, attempt.at, known);
    return attempt;
  }

  /**
   * Attaches numbers of any provider to an agent that is locked already, and detaches `dropped`.
   * @param also done once the numbers are; what it makes of the agent's webhook holds for them too
   */
  async replace(
    manager: EntityManager,
    request: AttachRequest,
    agent: Pick<AgentRow, 'purpose'>,
    dropped: readonly string[],
    also: AlsoDo,
  ): Promise<Attempt> {
    const { accountId } = request;
    const configured = await this.repository.lockConfiguredProviders(manager, accountId);
    const attempt = await this.change(manager, request, agent, configured, dropped);
    if (attempt.unknown.length > 0) return attempt;
    await also(manager);
    await this.news.tell(manager, accountId, attempt.changes, attempt.at);
    return attempt;
  }

  /** Detaches rows of an agent, all of them locked; @returns those whose provider has to be told. */
  async detach(
    manager: EntityManager,
    { accountId, agentId }: Pick<AttachRequest, 'accountId' | 'agentId'>,
    { interest }: AgentRow,
    rows: readonly NumberRow[],
  ): Promise<string[]> {
    const times = this.times();
    const raised = await this.release(manager, accountId, rows, times);
    const changes = rows.map((row) => detachedFrom(agentId, row));
    await this.news.tell(manager, accountId, changes, times.now, new Map([[agentId, interest]]));
    return raised;
  }

  private async release(
    manager: EntityManager,
    accountId: string,
    rows: readonly NumberRow[],
    times: Times,
  ): Promise<string[]> {
    const routed = rows.filter(({ provider }) => this.isRouted(provider)).map(({ e164 }) => e164);
    const byHand = rows.filter(({ provider }) => !this.isRouted(provider)).map(({ e164 }) => e164);
    await this.repository.detach(manager, accountId, routed, { raise: true, ...times });
    await this.repository.detach(manager, accountId, byHand, { raise: false, ...times });
    return routed;
  }

  private async change(
    manager: EntityManager,
    request: AttachRequest,
    agent: Pick<AgentRow, 'purpose'> | null,
    configured: ReadonlySet<ProviderName>,
    dropped: readonly string[],
  ): Promise<Attempt> {
    const { accountId, requested, ownership } = request;
    const wanted = requested.map(({ e164 }) => e164);
    const rows = await this.repository.lockNumbers(manager, accountId, [...wanted, ...dropped]);
    const found = newNumbers(requested, ownership).filter(({ e164 }) => !rows.has(e164));
    for (const [e164, row] of await this.add(manager, request, found)) rows.set(e164, row);

    // Not before the numbers are locked: whoever gets a number later has the later time.
    const times = this.times();
    const facts: AttachFacts = { ...request, agent, configured, rows };
    const unknown = checkAttach(facts);
    if (unknown.length > 0) return { unknown, rows, raised: [], changes: [], at: times.now };
    const released = dropped.flatMap((e164) => rows.get(e164) ?? []).filter((row) => row.agentId === request.agentId);
    const given = released.length > 0 ? await this.release(manager, accountId, released, times) : [];
    const { raised, changes } = await this.apply(manager, request, rows, times);
    const detached = released.map((row) => detachedFrom(request.agentId, row));
    return { unknown: [], rows, raised: [...given, ...raised], changes: [...detached, ...changes], at: times.now };
  }

  /** Adds numbers and locks them, in E.164 order like all locks on numbers. */
  private async add(
    manager: EntityManager,
    { accountId, dryRun }: AttachRequest,
    found: readonly NewNumber[],
  ): Promise<Map<string, NumberRow>> {
    if (dryRun) return new Map(found.map((number) => [number.e164, unattached(number)]));
    const sorted = [...found].sort((one, other) => (one.e164 < other.e164 ? -1 : 1));
    await this.repository.addToInventory(manager, accountId, sorted, this.clock.now());
    return this.repository.lockNumbers(
      manager,
      accountId,
      sorted.map(({ e164 }) => e164),
    );
  }

  /** Writes what changes, one statement for all numbers that change alike, and brings `rows` up to date. */
  private async apply(
    manager: EntityManager,
    request: AttachRequest,
    rows: Map<string, NumberRow>,
    times: Times,
  ): Promise<Pick<Attempt, 'raised' | 'changes'>> {
    const { accountId, agentId, requested, dryRun } = request;
    const groups = new Map<string, { change: Attachment; numbers: string[] }>();
    const changes: NumberChange[] = [];
    for (const { e164, provider } of requested) {
      const row = rows.get(e164);
      const change = row && attached(row, agentId, times.now, this.isRouted(provider));
      if (!change) continue;
      const after = { ...row, agentId, ...change, attachedAt: change.attachedAt ?? row.attachedAt };
      changes.push(...attachmentChanges(row, after));
      const key = JSON.stringify(change);
      const group = groups.get(key) ?? { change, numbers: [] };
      groups.set(key, group);
      group.numbers.push(e164);
      rows.set(e164, after);
    }
    const raised: string[] = [];
    for (const { change, numbers } of groups.values()) {
      if (!dryRun) await this.repository.attach(manager, accountId, agentId, numbers, change, times);
      if (change.raise) raised.push(...numbers);
    }
    return dryRun ? { raised: [], changes: [] } : { raised, changes };
  }

  private isRouted(provider: ProviderName): boolean {
    return this.providers.capabilities(provider).route;
  }

  private times(): Times {
    const now = this.clock.now();
    const { inlineMs } = this.config.routing;
    return { now, routeDueAt: inlineMs === 0 ? now : now + inlineMs + INLINE_GRACE_MS };
  }
}

function newNumbers(requested: readonly RequestedNumber[], ownership: ReadonlyMap<string, Ownership>): NewNumber[] {
  return requested.flatMap(({ e164, provider }) => {
    const owner = ownership.get(e164);
    if (owner?.kind !== 'owned') return [];
    return [{ e164, provider, country: countryOf(e164), providerNumberId: owner.providerNumberId }];
  });
}

function unattached({ e164, provider }: NewNumber): NumberRow {
  return {
    e164,
    provider,
    purpose: null,
    agentId: null,
    attachedAt: null,
    status: 'inactive',
    reason: null,
    provenAt: null,
  };
}
