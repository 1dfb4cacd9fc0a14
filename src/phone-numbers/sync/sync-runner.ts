import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { Database, type Work } from '../../database/database';
import { ProviderError } from '../../providers/contract/provider-error';
import { ProvidersService } from '../../providers/providers.service';
import { ProviderSyncRepository } from './provider-sync.repository';
import { RunLostError } from './run-lost.error';
import { syncFailure } from './sync-failure';
import { SyncLease } from './sync-lease';
import type { SyncRun } from './sync-run';
import { SyncSteps } from './sync-steps';

/** How long a stopping process waits for steps under way, in milliseconds. */
const DRAIN_MS = 5_000;

/**
 * What became of a run in this process. `stopped`: it has not ended, but is not ours any more, because the process stops
 * or another one has it.
 */
export type SyncEnd =
  { readonly kind: 'completed' } | { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly error: unknown };

const COMPLETED: SyncEnd = { kind: 'completed' };
const STOPPED: SyncEnd = { kind: 'stopped' };

/**
 * Imports what a provider lists into the inventory. Each step is stored together with the place to go on from, so that
 * whoever has the run next repeats nothing; nothing is held in memory but the step that is under way.
 */
@Injectable()
export class SyncRunner implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(SyncRunner.name);
  private readonly inFlight = new Map<Promise<SyncEnd>, SyncLease>();
  private stopping = false;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    private readonly steps: SyncSteps,
    private readonly providers: ProvidersService,
  ) {}

  /** Goes on with a run until it ends, here or elsewhere. Never rejects. */
  start(run: SyncRun): Promise<SyncEnd> {
    const lease = new SyncLease();
    const ended = this.execute(run, lease).finally(() => {
      lease.end();
      this.inFlight.delete(ended);
    });
    this.inFlight.set(ended, lease);
    return ended;
  }

  /** Already here, so that requests that wait for a run are answered before their connections are closed. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const lease of this.inFlight.values()) lease.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    const timeout = new AbortController();
    const late = delay(DRAIN_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.inFlight.keys()), late]);
    timeout.abort();
  }

  private async execute(run: SyncRun, lease: SyncLease): Promise<SyncEnd> {
    let current = run;
    try {
      const connection = await this.providers.connection(run.accountId, run.provider);
      if (connection?.providerAccountId !== run.providerAccountId) return STOPPED;
      if (this.stopping) return await this.release(run);
      for await (const reached of this.steps.from(run, connection.client, lease.signal)) {
        current = reached;
        lease.renew();
        if (this.stopping) return await this.release(reached);
      }
      await this.write((manager) => this.syncs.complete(manager, current, this.clock.now()));
      return COMPLETED;
    } catch (error) {
      return this.settle(current, error).catch((second: unknown) => this.unsettled(current, error, second));
    }
  }

  private async settle(run: SyncRun, error: unknown): Promise<SyncEnd> {
    if (error instanceof RunLostError) return STOPPED;
    if (this.stopping) return this.release(run);
    const failure = syncFailure(error, run.attempts);
    await this.write((manager) => this.syncs.recordFailure(manager, run, failure, this.clock.now()));
    const entry = { sync_id: run.syncId, provider: run.provider, retry_after_ms: failure.retryAfterMs, err: error };
    if (error instanceof ProviderError) this.logger.warn(entry, 'Sync interrupted');
    else this.logger.error(entry, 'Sync interrupted');
    return { kind: 'failed', error };
  }

  /** What could not be written: the claim lapses by itself, and somebody goes on from the last step that is stored. */
  private unsettled(run: SyncRun, error: unknown, second: unknown): SyncEnd {
    if (second instanceof RunLostError) return STOPPED;
    this.logger.error({ sync_id: run.syncId, provider: run.provider, err: second }, 'Sync left to itself');
    return { kind: 'failed', error };
  }

  private async release(run: SyncRun): Promise<SyncEnd> {
    await this.write((manager) => this.syncs.release(manager, run, this.clock.now()));
    return STOPPED;
  }

  private write(work: Work<void>): Promise<void> {
    return this.database.transaction(work);
  }
}
