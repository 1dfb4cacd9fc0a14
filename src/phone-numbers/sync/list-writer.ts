import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../../common/clock';
import { countryOf } from '../../common/e164';
import { Database } from '../../database/database';
import type { OwnedNumber } from '../../providers/contract/route';
import { ProvidersService } from '../../providers/providers.service';
import { statusChanges } from '../news/number-change';
import { NumberNews } from '../news/number-news';
import { AWAITING_FIRST_CALL, type NumberStatus } from '../phone-number';
import { hasNewId, type SyncedNumber, type Verdict, verdictOn } from './number-verdict';
import { ProviderSyncRepository } from './provider-sync.repository';
import { CLAIM_MS, type SyncCounts, type SyncPlace, type SyncRun } from './sync-run';
import { SyncedNumbersRepository } from './synced-numbers.repository';

/** How many numbers one statement takes; SQLite has a limit on the values of one. */
const CHUNK = 500;

interface Judged {
  readonly row: SyncedNumber;
  readonly listed: OwnedNumber;
  readonly verdict: Verdict;
}

/** Stores what was read of the provider's list. */
@Injectable()
export class ListWriter {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    private readonly numbers: SyncedNumbersRepository,
    private readonly providers: ProvidersService,
    private readonly news: NumberNews,
  ) {}

  /**
   * Numbers, counts and the place to go on from, in one transaction: a process that dies loses nothing and counts
   * nothing twice.
   * @returns the run at that place
   * @throws RunLostError
   */
  async store(run: SyncRun, listed: readonly OwnedNumber[], place: SyncPlace): Promise<SyncRun> {
    const sorted = inOrder(listed);
    await this.database.transaction(async (manager) => {
      await this.syncs.hold(manager, run);
      const counts = await this.merge(manager, run, sorted);
      await this.syncs.advance(manager, run, { ...place, counts, claimedUntil: this.clock.now() + CLAIM_MS });
    });
    return { ...run, ...place, attempts: 0 };
  }

  private async merge(
    manager: EntityManager,
    run: SyncRun,
    sorted: readonly OwnedNumber[],
  ): Promise<Omit<SyncCounts, 'gone'>> {
    const total = { added: 0, updated: 0, unchanged: 0, skipped: 0 };
    for (let start = 0; start < sorted.length; start += CHUNK) {
      const chunk = sorted.slice(start, start + CHUNK);
      const rows = await this.numbers.lock(manager, run.accountId, chunk.map(e164Of));
      const missing = chunk.filter(({ phoneNumber }) => !rows.has(phoneNumber));
      total.added += await this.add(manager, run, missing, rows);
      const judged = judge(run, chunk, rows);
      await this.write(manager, run, judged);
      const count = (...verdicts: Verdict[]) => judged.filter(({ verdict }) => verdicts.includes(verdict)).length;
      total.updated += count('changed', 'returned');
      total.unchanged += count('unchanged');
      total.skipped += count('other_provider');
    }
    return total;
  }

  /** Brings `rows` up to date. @returns how many were added, and not by another request at the same moment */
  private async add(
    manager: EntityManager,
    run: SyncRun,
    missing: readonly OwnedNumber[],
    rows: Map<string, SyncedNumber>,
  ): Promise<number> {
    const fresh = missing.map((number) => ({ ...number, country: countryOf(number.phoneNumber) }));
    await this.numbers.insert(manager, run.accountId, run.provider, fresh, this.times(run));
    const present = await this.numbers.lock(manager, run.accountId, missing.map(e164Of));
    for (const [e164, row] of present) rows.set(e164, row);
    return [...present.values()].filter(({ seenSync }) => seenSync === run.syncId).length;
  }

  private async write(manager: EntityManager, run: SyncRun, judged: readonly Judged[]): Promise<void> {
    const { accountId } = run;
    const times = this.times(run);
    const withVerdict = (...verdicts: Verdict[]) => judged.filter(({ verdict }) => verdicts.includes(verdict));
    const e164s = (some: readonly Judged[]) => some.map(({ row }) => row.e164);

    const renamed = withVerdict('changed', 'returned').filter(({ row, listed }) => hasNewId(row, listed));
    await this.numbers.markSeen(manager, accountId, e164s(withVerdict('unchanged', 'changed', 'returned')), times);
    const ids = renamed.map(({ listed }) => listed);
    await this.numbers.changeIds(manager, accountId, ids, times);
    const returned = withVerdict('returned').map(({ row }) => row);
    if (returned.length > 0) await this.welcome(manager, run, returned);
  }

  /** Attached numbers that are back. */
  private async welcome(manager: EntityManager, run: SyncRun, returned: readonly SyncedNumber[]): Promise<void> {
    const { accountId, provider } = run;
    const times = this.times(run);
    const isRouted = this.providers.capabilities(provider).route;
    const e164s = returned.map(({ e164 }) => e164);
    if (isRouted) await this.numbers.routeAgain(manager, accountId, e164s, times);
    else await this.numbers.awaitAgain(manager, accountId, e164s, times);
    const changes = returned.flatMap((row) => {
      const { agentId, status } = row;
      return agentId === null ? [] : statusChanges(status, { ...row, agentId, ...standing(row, isRouted) });
    });
    await this.news.tell(manager, accountId, changes, times.now);
  }

  private times({ syncId }: SyncRun): { syncId: string; now: number } {
    return { syncId, now: this.clock.now() };
  }
}

/** How an attached number stands that is back. */
function standing(
  { provenAt }: SyncedNumber,
  isRouted: boolean,
): { readonly status: NumberStatus; readonly reason: string | null } {
  if (isRouted) return { status: 'pending', reason: null };
  return provenAt === null ? { status: 'pending', reason: AWAITING_FIRST_CALL } : { status: 'active', reason: null };
}

function judge(run: SyncRun, chunk: readonly OwnedNumber[], rows: ReadonlyMap<string, SyncedNumber>): Judged[] {
  return chunk.flatMap((listed) => {
    const row = rows.get(listed.phoneNumber);
    return row ? [{ row, listed, verdict: verdictOn(row, listed, run) }] : [];
  });
}

/** Each number once, in E.164 order, the order of all locks on numbers. */
function inOrder(listed: readonly OwnedNumber[]): OwnedNumber[] {
  const unique = new Map(listed.map((number) => [number.phoneNumber, number]));
  return [...unique.values()].sort((one, other) => (one.phoneNumber < other.phoneNumber ? -1 : 1));
}

function e164Of({ phoneNumber }: OwnedNumber): string {
  return phoneNumber;
}
