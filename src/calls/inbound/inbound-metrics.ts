import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import type { InboundVerdict } from '../../phone-numbers/number-proof.service';
import type { ProviderName } from '../../common/provider-name';
import { Metrics } from '../../telemetry/metrics';

/** Counts what became of providers' requests about calls. */
@Injectable()
export class InboundMetrics {
  private readonly requests: Counter<'provider' | 'verdict'>;
  private readonly statuses: Counter<'provider' | 'outcome'>;
  private readonly lastKnown: Counter<'provider'>;
  private readonly hooks: Counter<'outcome'>;
  private readonly bridges: Gauge;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter({
      name: 'inbound_requests_total',
      help: 'Requests of providers about calls, by what became of them',
      labelNames: ['provider', 'verdict'],
    });
    this.statuses = metrics.counter({
      name: 'inbound_statuses_total',
      help: 'What providers told of how calls go, by what became of it',
      labelNames: ['provider', 'outcome'],
    });
    this.lastKnown = metrics.counter({
      name: 'inbound_last_known_routes_total',
      help: 'Calls routed as they would have been up to a minute ago, because the database did not answer',
      labelNames: ['provider'],
    });
    this.hooks = metrics.counter({
      name: 'inbound_hooks_total',
      help: "Questions to agents' inbound webhooks, by what came of them",
      labelNames: ['outcome'],
    });
    this.bridges = metrics.gauge({
      name: 'bridged_calls',
      help: 'Calls whose media goes through this process at this moment',
    });
  }

  count(provider: ProviderName, verdict: InboundVerdict): void {
    this.requests.inc({ provider, verdict });
  }

  /** `ignored` = about no call of ours. */
  status(provider: ProviderName, outcome: 'recorded' | 'ignored' | 'bad_signature' | 'malformed'): void {
    this.statuses.inc({ provider, outcome });
  }

  remembered(provider: ProviderName): void {
    this.lastKnown.inc({ provider });
  }

  hook(outcome: string): void {
    this.hooks.inc({ outcome });
  }

  bridged(calls: number): void {
    this.bridges.set(calls);
  }
}
