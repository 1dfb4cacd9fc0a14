import { Injectable } from '@nestjs/common';
import type { Counter, Gauge, Histogram } from 'prom-client';
import { Metrics } from '../telemetry/metrics';
import type { DeathReason } from './delivery';
import { isDelivered } from './judge';
import type { WebhookReply } from './webhook-reply';

/** Up to the longest time limit. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts and times what is sent to agents' webhooks. */
@Injectable()
export class DeliveryMetrics {
  private readonly duration: Histogram<'outcome'>;
  private readonly dead: Counter<'reason'>;
  private readonly lag: Gauge;
  private readonly lanes: Gauge;

  constructor(metrics: Metrics) {
    this.duration = metrics.histogram({
      name: 'webhook_delivery_duration_seconds',
      help: "Duration of tries to deliver to agents' webhooks, by outcome: delivered, refused (another status) or a fault",
      labelNames: ['outcome'],
      buckets: BUCKETS_S,
    });
    this.dead = metrics.counter({
      name: 'webhook_messages_dead_total',
      help: "Messages to agents' webhooks that were given up, by reason",
      labelNames: ['reason'],
    });
    this.lag = metrics.gauge({
      name: 'webhook_lag_seconds',
      help: 'For how long the oldest message has been due that nobody has begun to deliver and whose receiver is not held',
    });
    this.lanes = metrics.gauge({
      name: 'webhook_lanes',
      help: 'Agents to whom this process delivers at this moment',
    });
  }

  tried(reply: WebhookReply): void {
    const answered = isDelivered(reply) ? 'delivered' : 'refused';
    const outcome = reply.kind === 'failed' ? reply.error : answered;
    this.duration.observe({ outcome }, reply.latencyMs / 1_000);
  }

  buried(reason: DeathReason, count = 1): void {
    this.dead.inc({ reason }, count);
  }

  lagging(ms: number): void {
    this.lag.set(ms / 1_000);
  }

  busy(lanes: number): void {
    this.lanes.set(lanes);
  }
}
