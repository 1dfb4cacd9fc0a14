import { Inject, Injectable, Logger } from '@nestjs/common';
import type { WebhookTarget } from '../agents/agent-webhook';
import { AgentWebhooks } from '../agents/agent-webhooks.service';
import { CLOCK, type Clock } from '../common/clock';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import type { DeathReason, DueMessage, DueWork, LaneClaim } from './delivery';
import { DeliveryMetrics } from './delivery-metrics';
import { DeliveryRecorder } from './delivery-recorder';
import { DueMessagesRepository } from './due-messages.repository';
import { LaneHealth } from './lane-health';
import { LaneTurn, READ_AHEAD } from './lane-turn';
import type { LaneEnd } from './lanes.repository';
import { RetrySchedule } from './retry-schedule';
import { WebhookClient } from './webhook-client';

/** How long a turn goes on beginning deliveries, in milliseconds. */
export const TURN_MS = 5_000;
/** What is kept of an answer, in bytes. */
const MAX_RESPONSE_BYTES = 1_024;
/** A receiver that has answered need not end its body; it is waited for so long, in milliseconds. */
const BODY_MS = 1_000;
/** So many messages are given up by one transaction. */
const BURIAL = 500;

/** Takes a turn at an agent whose lane is claimed: tells it what is due, or gives that up where there is nobody to tell. */
@Injectable()
export class LaneRunner {
  private readonly logger = new Logger(LaneRunner.name);
  private readonly schedule: RetrySchedule;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly client: WebhookClient,
    private readonly due: DueMessagesRepository,
    private readonly recorder: DeliveryRecorder,
    private readonly webhooks: AgentWebhooks,
    private readonly metrics: DeliveryMetrics,
  ) {
    this.schedule = new RetrySchedule(config.webhooks.retryBaseMs);
  }

  /** Gives the lane back at its end, and never throws. */
  async run(lane: LaneClaim, target: WebhookTarget | undefined, isStopping: () => boolean): Promise<void> {
    const health = new LaneHealth(lane.failures);
    const deadline = this.clock.now() + TURN_MS;
    try {
      const reason = whyNot(target);
      if (reason) await this.giveUp(lane.agentId, reason, deadline);
      else if (target?.url)
        await this.deliver(lane.agentId, target.url, target.secrets, { health, deadline, isStopping });
      if (health.isDown) await this.giveUp(lane.agentId, 'expired', deadline, this.schedule.longestDueMs);
    } catch (error) {
      this.logger.error({ err: error, agent_id: lane.agentId }, 'Webhooks are left to a later turn');
    }
    await this.leave(lane, this.endOf(health));
  }

  /** Gives a lane back, as it was unless told otherwise. */
  async leave(lane: LaneClaim, end: LaneEnd = { failures: lane.failures, heldUntil: null }): Promise<void> {
    try {
      await this.recorder.release(lane, end);
    } catch (error) {
      this.logger.error({ err: error, agent_id: lane.agentId }, 'A lane is left to lapse');
    }
  }

  private async deliver(
    agentId: string,
    url: string,
    secrets: readonly string[],
    turn: { readonly health: LaneHealth; readonly deadline: number; readonly isStopping: () => boolean },
  ): Promise<void> {
    const laneTurn = new LaneTurn({
      ...turn,
      agentId,
      url,
      schedule: this.schedule,
      clock: this.clock,
      read: (without) => this.read(agentId, without),
      readBodies: (ids) => this.readBodies(ids),
      post: (message) => this.post(url, secrets, message),
      record: (result) => this.recorder.record(result),
    });
    await laneTurn.run();
    if (!laneTurn.isReceiverGone) return;
    // The agent may have another URL by now, which nobody has said anything about.
    const isDisabled = (await this.webhooks.targets([agentId])).get(agentId)?.isDisabled ?? false;
    if (isDisabled) await this.giveUp(agentId, 'endpoint_disabled', turn.deadline);
  }

  private async read(agentId: string, without: readonly string[]): Promise<DueWork> {
    const now = this.clock.now();
    const work = await this.database.read((manager) =>
      this.due.work(manager, agentId, { now, without, limit: READ_AHEAD }),
    );
    if (work.blocked.length > 0) {
      await this.database.transaction(async (manager) => {
        for (const key of work.blocked) await this.due.postpone(manager, agentId, key);
      });
    }
    return work;
  }

  private async readBodies(messageIds: readonly string[]): Promise<Map<string, DueMessage>> {
    return messageIds.length === 0 ? new Map() : this.database.read((manager) => this.due.bodies(manager, messageIds));
  }

  private async post(url: string, secrets: readonly string[], { messageId: id, body }: DueMessage) {
    const { timeoutMs } = this.config.webhooks;
    const limits = { timeoutMs, maxBytes: MAX_RESPONSE_BYTES, bodyMs: BODY_MS };
    const reply = await this.client.post(url, { id, body, secrets, ...limits });
    this.metrics.tried(reply);
    return reply;
  }

  /** @param overdueMs only what has been due for longer, in milliseconds */
  private async giveUp(agentId: string, reason: DeathReason, deadline: number, overdueMs?: number): Promise<void> {
    let count: number;
    do {
      const now = this.clock.now();
      const dueBefore = overdueMs === undefined ? undefined : now - overdueMs;
      count = await this.database.transaction((manager) =>
        this.due.giveUp(manager, agentId, { reason, now, dueBefore, limit: BURIAL }),
      );
      if (count > 0) this.metrics.buried(reason, count);
    } while (count === BURIAL && this.clock.now() < deadline);
  }

  private endOf(health: LaneHealth): LaneEnd {
    const { failures, isHeld, isDown, waitMs } = health;
    if (!isHeld) return { failures, heldUntil: null };
    const holdMs = Math.max(waitMs, isDown ? this.schedule.holdAfter(failures) : 0);
    return { failures, heldUntil: this.clock.now() + holdMs };
  }
}

function whyNot(target: WebhookTarget | undefined): DeathReason | undefined {
  if (!target) return 'agent_deleted';
  if (target.url === null) return 'no_webhook_url';
  return target.isDisabled ? 'endpoint_disabled' : undefined;
}
