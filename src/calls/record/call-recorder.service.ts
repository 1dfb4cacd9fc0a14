import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { BatchQueue } from '../../common/batch-queue';
import { AppError } from '../../common/errors/app-error';
import { Database } from '../../database/database';
import { isDuplicateKey, isUnavailable } from '../../database/db-errors';
import type { CallChange, CallStarted } from './call-change';
import { CallWriter } from './call-writer';
import { CallsRepository } from './calls.repository';
import { NumberSlotsRepository } from './number-slots.repository';

const MAX_BATCH = 200;
/** Changes that are not written because the database is away: so many are kept, and for so long. */
const MAX_KEPT = 20_000;
const KEPT_FOR_MS = 300_000;
const RETRY_MS = 500;
/** How often another process may write the same calls in the meantime. */
const MAX_COLLISIONS = 5;
/** How long a stopping process waits for what is being written, in milliseconds. */
const DRAIN_MS = 5_000;

/** Keeps the record of calls; what comes at the same time is written together. */
@Injectable()
export class CallRecorder implements OnApplicationShutdown {
  private readonly logger = new Logger(CallRecorder.name);
  private readonly queue = new BatchQueue<CallChange>({
    write: (changes) => this.write(changes),
    maxBatch: MAX_BATCH,
    isSplittable: (error) => !isAway(error),
  });
  private kept = 0;
  private stopping = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    private readonly writer: CallWriter,
    private readonly calls: CallsRepository,
    private readonly slots: NumberSlotsRepository,
  ) {}

  /** Settles when the change is durable. */
  record(change: CallChange): Promise<void> {
    return this.queue.add(change);
  }

  /**
   * Writes a change that nobody waits for, as soon as the database lets it. Should this process die before, the vendor's next
   * word of the call begins it.
   * @returns what settles when it is written, or given up; it never rejects
   */
  async note(change: CallChange): Promise<void> {
    if (this.kept >= MAX_KEPT) {
      this.logger.error({ call_id: callIdIn(change) }, 'Too many calls wait to be written: this one is not');
      return;
    }
    this.kept++;
    try {
      await this.keepTrying(change);
    } finally {
      this.kept--;
    }
  }

  /**
   * Begins a call on a number that has a limit: its slot and its row are written together, or the number is at its limit.
   * @returns false at the limit
   */
  async admit(change: CallStarted): Promise<boolean> {
    const { accountId, e164, callId } = change.call;
    try {
      return await this.database.transaction(async (manager) => {
        if (!(await this.slots.take(manager, accountId, e164))) return this.calls.exists(manager, callId);
        await this.writer.begin(manager, change);
        return true;
      });
    } catch (error) {
      // The vendor has asked twice: the call has its slot from the first time, and the second is rolled back.
      if (isDuplicateKey(error)) return true;
      throw error;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.race([this.queue.drained(), delay(DRAIN_MS, undefined, { ref: false })]);
  }

  private async write(changes: readonly CallChange[]): Promise<void> {
    for (let collision = 1; ; collision++) {
      try {
        return await this.database.transaction((manager) => this.writer.write(manager, changes));
      } catch (error) {
        if (!isDuplicateKey(error) || collision === MAX_COLLISIONS) throw error;
      }
    }
  }

  private async keepTrying(change: CallChange): Promise<void> {
    const until = performance.now() + KEPT_FOR_MS;
    for (;;) {
      try {
        return await this.record(change);
      } catch (error) {
        if (!isAway(error) || this.stopping || performance.now() > until) {
          this.logger.error({ err: error, call_id: callIdIn(change) }, 'What happened to a call is not written');
          return;
        }
      }
      await delay(RETRY_MS, undefined, { ref: false });
    }
  }
}

function isAway(error: unknown): boolean {
  return isUnavailable(error) || (error instanceof AppError && error.reason === 'UNAVAILABLE');
}

function callIdIn(change: CallChange): string | null {
  return change.kind === 'started' ? change.call.callId : change.callId;
}
