import { setTimeout as delay } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { WebhookTarget } from '../agents/agent-webhook';
import { AgentWebhooks } from '../agents/agent-webhooks.service';
import { BackgroundLoop } from '../common/background-loop';
import { CLOCK, type Clock } from '../common/clock';
import { newId } from '../common/ids';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import type { LaneClaim } from './delivery';
import { DeliveryMetrics } from './delivery-metrics';
import { LaneRunner, TURN_MS } from './lane-runner';
import { type DueAgent, LanesRepository } from './lanes.repository';
import { WebhookClient } from './webhook-client';

/** One process delivers to so many agents at once. */
const MAX_LANES = 128;
/** How often due messages are looked for, in milliseconds. */
const POLL_MS = 200;
/** Looking takes at most this part of the time, however much is due. */
const POLL_SHARE = 0.1;
/** How much longer than a turn and a delivery a claim is good for, in milliseconds: for the statements around them. */
const CLAIM_MARGIN_MS = 10_000;
/** How long a stopping process waits for deliveries under way, in milliseconds. */
const DRAIN_MS = 5_000;

/** Looks for agents that are to be told something, in processes whose role includes it, and takes a turn at each. */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(DeliveryWorker.name);
  private readonly active = new Map<string, Promise<void>>();
  private isStopping = false;
  private looking: Promise<unknown> = Promise.resolve();
  private readonly loop = new BackgroundLoop({
    turn: () => {
      const look = this.look();
      this.looking = look.catch(() => undefined);
      return look;
    },
    onFailure: (error) => this.logger.error({ err: error }, 'Due webhooks could not be read'),
  });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly lanes: LanesRepository,
    private readonly runner: LaneRunner,
    private readonly webhooks: AgentWebhooks,
    private readonly client: WebhookClient,
    private readonly metrics: DeliveryMetrics,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  /** Begins nothing new. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.loop.stop();
  }

  /** Waits for what is under way; what takes too long is broken off, and sent again by another process. */
  async onApplicationShutdown(): Promise<void> {
    await this.looking;
    await Promise.race([Promise.all(this.active.values()), delay(DRAIN_MS, undefined, { ref: false })]);
    await this.client.close();
    await Promise.all(this.active.values());
  }

  /** @returns how long to rest, in milliseconds */
  private async look(): Promise<number> {
    const startedAt = performance.now();
    const due = await this.dueAgents();
    const lookMs = performance.now() - startedAt;
    const lanes = due.length === 0 ? [] : await this.claim(due);
    if (lanes.length > 0) await this.beginAll(lanes);
    return Math.max(POLL_MS, lookMs / POLL_SHARE);
  }

  private async dueAgents(): Promise<DueAgent[]> {
    const free = MAX_LANES - this.active.size;
    if (free <= 0) return [];
    const now = this.clock.now();
    const due = await this.database.read(async (manager) => {
      const busy = new Set([...(await this.lanes.busy(manager, now)), ...this.active.keys()]);
      return this.lanes.due(manager, now, [...busy], free);
    });
    this.metrics.lagging(due[0] ? now - due[0].since : 0);
    return due;
  }

  private claim(due: readonly DueAgent[]): Promise<LaneClaim[]> {
    const now = this.clock.now();
    const until = now + TURN_MS + this.config.webhooks.timeoutMs + CLAIM_MARGIN_MS;
    const agentIds = due.map(({ agentId }) => agentId).sort();
    return this.database.transaction((manager) =>
      this.lanes.claim(manager, agentIds, { claim: newId('claim'), now, until }),
    );
  }

  private async beginAll(lanes: readonly LaneClaim[]): Promise<void> {
    const targets = await this.targetsOf(lanes);
    for (const lane of lanes) this.begin(lane, targets.get(lane.agentId));
  }

  private async targetsOf(lanes: readonly LaneClaim[]): Promise<Map<string, WebhookTarget>> {
    try {
      return await this.webhooks.targets(lanes.map(({ agentId }) => agentId));
    } catch (error) {
      for (const lane of lanes) await this.runner.leave(lane);
      throw error;
    }
  }

  private begin(lane: LaneClaim, target: WebhookTarget | undefined): void {
    const running = this.runner
      .run(lane, target, () => this.isStopping)
      .finally(() => {
        this.active.delete(lane.agentId);
        this.metrics.busy(this.active.size);
      });
    this.active.set(lane.agentId, running);
    this.metrics.busy(this.active.size);
  }
}
