import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock';
import { newId } from '../common/ids';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import { NumberNews } from '../phone-numbers/news/number-news';
import { recheckAt } from './drift/recheck-time';
import { RouteAttempt } from './route-attempt';
import { changesAfter } from './route-outcome';
import type { RouteOutcome, RouteWork } from './route-work';
import { RouteWorkRepository } from './route-work.repository';

/**
 * How long a claim is good for, in milliseconds: longer than any attempt, and short enough that the numbers of a killed
 * process are taken over within seconds.
 */
const CLAIM_MS = 12_000;
/** How many numbers one request or one worker turn claims at once. */
const BATCH = 16;
/** While others have the numbers in hand: the pause before the first look, doubled up to the longest, in milliseconds. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 200;
/** How long a stopping process waits for attempts under way, in milliseconds. */
const DRAIN_MS = 5_000;

/**
 * Makes the provider match the row. What to tell it is derived from the row at the time of telling, and only the
 * generation that was told is confirmed, so that changes in quick succession end right in whatever order calls return.
 */
@Injectable()
export class RouteReconciler implements OnApplicationShutdown {
  private readonly logger = new Logger(RouteReconciler.name);
  private readonly inFlight = new Map<Promise<void>, string>();
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly repository: RouteWorkRepository,
    private readonly attempt: RouteAttempt,
    private readonly news: NumberNews,
  ) {}

  /**
   * Tries to settle these numbers within the configured time. What is not settled by then goes on in the background; a
   * failure of the provider is stored with the number.
   * @returns false when the database failed meanwhile; what is to be settled stands there all the same
   */
  async settle(accountId: string, numbers: readonly string[]): Promise<boolean> {
    try {
      await this.settleUntilDeadline(accountId, numbers);
      return true;
    } catch (error) {
      this.logger.error({ err: error }, 'Routes are left to the background');
      return false;
    }
  }

  /** One turn of the worker. @returns how many numbers were due */
  async settleDue(): Promise<number> {
    const claim = this.newClaim();
    const works = await this.database.transaction((manager) => this.repository.claimDue(manager, BATCH, claim));
    await Promise.all(works.map((work) => this.track(work)));
    return works.length;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    // Noted now: an attempt that ends without settling its number still holds the claim afterwards.
    const claims = [...new Set(this.inFlight.values())];
    if (claims.length === 0) return;
    await Promise.race([Promise.all(this.inFlight.keys()), delay(DRAIN_MS, undefined, { ref: false })]);
    await this.database.transaction((manager) => this.repository.release(manager, claims, this.clock.now()));
  }

  private async settleUntilDeadline(accountId: string, numbers: readonly string[]): Promise<void> {
    const deadline = this.clock.now() + this.config.routing.inlineMs;
    let open = numbers;
    let pauseMs = FIRST_PAUSE_MS;
    while (open.length > 0 && !this.stopping && this.clock.now() < deadline) {
      const batch = open.slice(0, BATCH);
      const works = await this.claim(accountId, batch);
      if (works.length > 0) {
        await this.untilDeadline(works, deadline);
      } else {
        await delay(pauseMs);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
      open = works.length === open.length ? [] : await this.unsettled(accountId, open);
    }
  }

  private newClaim(): { claim: string; now: number; until: number } {
    const now = this.clock.now();
    return { claim: newId('claim'), now, until: now + CLAIM_MS };
  }

  private claim(accountId: string, numbers: readonly string[]): Promise<RouteWork[]> {
    return this.database.transaction((manager) => this.repository.claim(manager, accountId, numbers, this.newClaim()));
  }

  private unsettled(accountId: string, numbers: readonly string[]): Promise<string[]> {
    return this.database.read((manager) => this.repository.unsettled(manager, accountId, numbers));
  }

  private async untilDeadline(works: readonly RouteWork[], deadline: number): Promise<void> {
    const timer = new AbortController();
    const timeout = delay(Math.max(0, deadline - this.clock.now()), undefined, { signal: timer.signal });
    timeout.catch(() => undefined);
    await Promise.race([Promise.all(works.map((work) => this.track(work))), timeout]);
    timer.abort();
  }

  private track(work: RouteWork): Promise<void> {
    const running = this.settleOne(work)
      .catch((error: unknown) => this.logger.error({ err: error, phone_number: work.e164 }, 'Route not settled'))
      .finally(() => this.inFlight.delete(running));
    this.inFlight.set(running, work.claim);
    return running;
  }

  /** Tells the provider, and tells it again as long as the wish has changed meanwhile. */
  private async settleOne(claimed: RouteWork): Promise<void> {
    for (let work: RouteWork | null = claimed; work && !this.stopping; work = await this.renew(work)) {
      const outcome = await this.attempt.make(work);
      if (outcome.kind === 'claim_lost' || (await this.record(work, outcome))) return;
    }
  }

  private record(work: RouteWork, outcome: RouteOutcome): Promise<boolean> {
    const now = this.clock.now();
    const times = { now, recheckAt: recheckAt(now, this.config.routing.driftIntervalMs) };
    return this.database.transaction(async (manager) => {
      if (!(await this.repository.record(manager, work, outcome, times))) return false;
      await this.news.tell(manager, work.accountId, changesAfter(work, outcome), now);
      return true;
    });
  }

  private renew(work: RouteWork): Promise<RouteWork | null> {
    return this.database.transaction((manager) => this.repository.renew(manager, work, this.clock.now() + CLAIM_MS));
  }
}
