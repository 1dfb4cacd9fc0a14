import { Inject, Injectable } from '@nestjs/common';
import { Semaphore } from 'async-mutex';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../../common/clock';
import { Database } from '../../database/database';
import type { ProviderClient } from '../../providers/contract/provider-adapter';
import type { OwnedNumber } from '../../providers/contract/route';
import { ProvidersService } from '../../providers/providers.service';
import { statusChanges } from '../news/number-change';
import { NumberNews } from '../news/number-news';
import { ListWriter } from './list-writer';
import { type Farewell, farewellTo, GONE_AT_PROVIDER, isMissing, type SweptNumber } from './number-verdict';
import { ProviderSyncRepository } from './provider-sync.repository';
import { CLAIM_MS, type SyncPlace, type SyncRun } from './sync-run';
import { SyncedNumbersRepository } from './synced-numbers.repository';

/** How many rows one step looks at, and of how many it asks the provider. */
const STEP = 500;
const ASKED = 64;
const CONCURRENCY = 8;

/** Looks through the inventory for numbers that the provider's list did not have. */
@Injectable()
export class GoneSweep {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    private readonly numbers: SyncedNumbersRepository,
    private readonly writer: ListWriter,
    private readonly providers: ProvidersService,
    private readonly news: NumberNews,
  ) {}

  /**
   * One step in E.164 order. The provider is asked one by one about the numbers that would be gone: a list that changes while
   * its pages are read may miss some, and one that comes out empty by mistake must not empty the inventory.
   * @returns the run behind the step; `null` behind the last one
   * @throws RunLostError
   */
  async step(run: SyncRun, client: ProviderClient, signal: AbortSignal): Promise<SyncRun | null> {
    const page = await this.database.read((manager) =>
      this.numbers.pageAfter(manager, run.accountId, run.provider, run.resumeAfter ?? '', STEP),
    );
    const rows = upToAsked(page, run);
    const last = rows.at(-1);
    if (!last) return null;

    const missing = rows.filter((row) => wouldBeGone(row, run));
    const { present, absent } = await this.ask(run, missing, client, signal);
    if (present.length > 0) await this.writer.store(run, present, placeOf(run));
    const candidates = missing.filter(({ e164 }) => absent.has(e164));
    return this.part(run, candidates, { phase: 'sweeping', resumeAfter: last.e164 });
  }

  private async ask(
    run: SyncRun,
    missing: readonly SweptNumber[],
    client: ProviderClient,
    signal: AbortSignal,
  ): Promise<{ present: OwnedNumber[]; absent: ReadonlySet<string> }> {
    const e164s = missing.map(({ e164 }) => e164);
    if (!this.providers.capabilities(run.provider).lookup) return { present: [], absent: new Set(e164s) };
    const slots = new Semaphore(CONCURRENCY);
    const found = await Promise.all(e164s.map((e164) => slots.runExclusive(() => client.find(e164, signal))));
    const present = found.filter((number) => number !== null);
    return { present, absent: new Set(e164s.filter((_e164, index) => found[index] === null)) };
  }

  private async part(run: SyncRun, candidates: readonly SweptNumber[], place: SyncPlace): Promise<SyncRun> {
    const e164s = candidates.map(({ e164 }) => e164);
    await this.database.transaction(async (manager) => {
      await this.syncs.hold(manager, run);
      const rows = await this.numbers.lockSwept(manager, run.accountId, e164s);
      const missing = rows.filter((row) => isMissing(row, run));
      const gone = await this.farewell(manager, run, missing);
      const claimedUntil = this.clock.now() + CLAIM_MS;
      await this.syncs.advance(manager, run, { ...place, counts: { gone }, claimedUntil });
    });
    return { ...run, ...place, attempts: 0 };
  }

  /** @returns how many are gone */
  private async farewell(manager: EntityManager, run: SyncRun, missing: readonly SweptNumber[]): Promise<number> {
    const withFarewell = (farewell: Farewell) => missing.filter((row) => farewellTo(row) === farewell);
    const deactivated = withFarewell('deactivated');
    const removed = withFarewell('removed');
    await this.deactivate(manager, run, deactivated);
    await this.numbers.remove(manager, run.accountId, removed.map(e164Of));
    return deactivated.length + removed.length;
  }

  private async deactivate(
    manager: EntityManager,
    { accountId }: SyncRun,
    numbers: readonly SweptNumber[],
  ): Promise<void> {
    const now = this.clock.now();
    await this.numbers.markGone(manager, accountId, numbers.map(e164Of), { now });
    const changes = numbers.flatMap(({ agentId, status, ...row }) => {
      const gone = { status: 'inactive', reason: GONE_AT_PROVIDER } as const;
      return agentId === null ? [] : statusChanges(status, { ...row, agentId, ...gone });
    });
    await this.news.tell(manager, accountId, changes, now);
  }
}

function e164Of({ e164 }: SweptNumber): string {
  return e164;
}

function wouldBeGone(row: SweptNumber, run: SyncRun): boolean {
  return isMissing(row, run) && farewellTo(row) !== 'kept';
}

/** The rows up to the last one that may be asked about in one step. */
function upToAsked(page: readonly SweptNumber[], run: SyncRun): readonly SweptNumber[] {
  let asked = 0;
  const end = page.findIndex((row) => {
    if (wouldBeGone(row, run)) asked += 1;
    return asked > ASKED;
  });
  return end < 0 ? page : page.slice(0, end);
}

function placeOf({ phase, resumeAfter }: SyncRun): SyncPlace {
  return { phase, resumeAfter };
}
