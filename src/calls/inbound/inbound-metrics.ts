import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import type { InboundVerdict } from '../../phone-numbers/number-proof.service';
import type { ProviderName } from '../../common/provider-name';
import { Metrics } from '../../telemetry/metrics';

/** Counts what became of providers' requests about calls. */
@Injectable()
export class InboundMetrics {
  private readonly requests: Counter<'provider' | 'verdict'>;
  private readonly bridges: Gauge;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter({
      name: 'inbound_requests_total',
      help: 'Requests of providers about calls, by what became of them',
      labelNames: ['provider', 'verdict'],
    });
    this.bridges = metrics.gauge({
      name: 'bridged_calls',
      help: 'Calls whose media goes through this process at this moment',
    });
  }

  count(provider: ProviderName, verdict: InboundVerdict): void {
    this.requests.inc({ provider, verdict });
  }

  bridged(calls: number): void {
    this.bridges.set(calls);
  }
}
