import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AgentWebhooks } from '../agents/agent-webhooks.service';
import { BatchQueue } from '../common/batch-queue';
import { CLOCK, type Clock } from '../common/clock';
import { Database } from '../database/database';
import { isUnavailable } from '../database/db-errors';
import type { DeliveryResult, LaneClaim } from './delivery';
import { DeliveryLogRepository } from './delivery-log.repository';
import { DeliveryMetrics } from './delivery-metrics';
import { type LaneEnd, LanesRepository } from './lanes.repository';

const MAX_BATCH = 200;

/** Writes what has come of deliveries: whatever comes while a transaction is under way goes into the next one together. */
@Injectable()
export class DeliveryRecorder {
  private readonly results: BatchQueue<DeliveryResult>;
  private readonly ends: BatchQueue<{ readonly lane: LaneClaim; readonly end: LaneEnd }>;

  constructor(
    @Inject(Database) database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly log: DeliveryLogRepository,
    private readonly lanes: LanesRepository,
    private readonly webhooks: AgentWebhooks,
    private readonly metrics: DeliveryMetrics,
  ) {
    const common = { maxBatch: MAX_BATCH, isSplittable: (error: unknown) => !isUnavailable(error) };
    this.results = new BatchQueue({
      ...common,
      write: (results) => database.transaction((manager) => this.writeResults(manager, results)),
    });
    this.ends = new BatchQueue({
      ...common,
      write: (ends) => database.transaction((manager) => this.writeEnds(manager, ends)),
    });
  }

  /** Settles when the try and what it means for its message are stored, together. */
  async record(result: DeliveryResult): Promise<void> {
    await this.results.add(result);
    if (result.verdict.kind === 'dead') this.metrics.buried(result.verdict.reason);
  }

  /** Gives a lane back. */
  release(lane: LaneClaim, end: LaneEnd): Promise<void> {
    return this.ends.add({ lane, end });
  }

  private async writeResults(manager: EntityManager, results: readonly DeliveryResult[]): Promise<void> {
    const now = this.clock.now();
    await this.log.insertAttempts(manager, results);
    const delivered = results.filter(({ verdict }) => verdict.kind === 'delivered');
    if (delivered.length > 0) {
      await this.log.deliver(
        manager,
        delivered.map(({ message }) => message.messageId),
        now,
      );
    }
    for (const result of results) await this.writeFailure(manager, result, now);
  }

  private async writeFailure(manager: EntityManager, result: DeliveryResult, now: number): Promise<void> {
    const { agentId, message, verdict, sentTo } = result;
    if (verdict.kind === 'retry') await this.log.postpone(manager, result, verdict.dueAt);
    if (verdict.kind !== 'dead') return;
    await this.log.bury(manager, message.messageId, verdict.reason, now);
    if (verdict.reason === 'endpoint_disabled') await this.webhooks.disable(manager, agentId, sentTo);
  }

  private async writeEnds(
    manager: EntityManager,
    ends: readonly { readonly lane: LaneClaim; readonly end: LaneEnd }[],
  ): Promise<void> {
    const isWell = ({ failures, heldUntil }: LaneEnd) => failures === 0 && heldUntil === null;
    const well = ends.filter(({ end }) => isWell(end)).map(({ lane }) => lane);
    if (well.length > 0) await this.lanes.releaseAll(manager, well);
    for (const { lane, end } of ends.filter((each) => !isWell(each.end))) await this.lanes.release(manager, lane, end);
  }
}
