import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../common/clock';
import { Database } from '../../database/database';
import type { ProviderClient } from '../../providers/contract/provider-adapter';
import { ProviderError } from '../../providers/contract/provider-error';
import { GoneSweep } from './gone-sweep';
import { ListWriter } from './list-writer';
import { numberBatches } from './number-batches';
import { ProviderSyncRepository } from './provider-sync.repository';
import type { SyncPlace, SyncRun } from './sync-run';

const LIST_IS_READ: SyncPlace = { phase: 'sweeping', resumeAfter: null };

/** What a sync does, from wherever it is to its end. */
@Injectable()
export class SyncSteps {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly syncs: ProviderSyncRepository,
    private readonly writer: ListWriter,
    private readonly sweep: GoneSweep,
  ) {}

  /**
   * The run after each step, which is stored by then; nothing is done ahead of what is asked for.
   * @throws RunLostError, ProviderError
   */
  async *from(start: SyncRun, client: ProviderClient, signal: AbortSignal): AsyncGenerator<SyncRun> {
    let run = start;
    if (run.phase === 'listing') {
      for await (const reached of this.list(run, client, signal)) {
        run = reached;
        yield run;
      }
    }
    for (
      let next = await this.sweep.step(run, client, signal);
      next;
      next = await this.sweep.step(next, client, signal)
    ) {
      yield next;
    }
  }

  private async *list(start: SyncRun, client: ProviderClient, signal: AbortSignal): AsyncGenerator<SyncRun> {
    let run = start;
    for (let mayRewind = true; ; mayRewind = false) {
      try {
        for await (const { numbers, next } of numberBatches(client, run.resumeAfter, signal, () => this.clock.now())) {
          const place: SyncPlace = next === null ? LIST_IS_READ : { phase: 'listing', resumeAfter: next };
          run = await this.writer.store(run, numbers, place);
          yield run;
        }
        return;
      } catch (error) {
        if (!mayRewind || run.resumeAfter === null || !isRefusal(error)) throw error;
        run = await this.rewind(run);
      }
    }
  }

  /** Numbers that were met already are not counted again. */
  private async rewind(run: SyncRun): Promise<SyncRun> {
    await this.database.transaction((manager) => this.syncs.rewind(manager, run));
    return { ...run, resumeAfter: null };
  }
}

/** In the middle of a list it may be the cursor that the provider refuses, which may have become old. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === 'permanent' || error.kind === 'not_owned');
}
