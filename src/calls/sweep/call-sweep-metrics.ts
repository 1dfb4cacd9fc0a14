import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { ProviderName } from '../../common/provider-name';
import { Metrics } from '../../telemetry/metrics';
import type { CheckOutcome } from './call-check';

/** Counts what came of looking after calls. */
@Injectable()
export class CallSweepMetrics {
  private readonly checks: Counter<'provider' | 'outcome'>;

  constructor(metrics: Metrics) {
    this.checks = metrics.counter({
      name: 'call_checks_total',
      help: 'Calls looked after because nothing was heard of them, by what came of it',
      labelNames: ['provider', 'outcome'],
    });
  }

  count(provider: ProviderName, outcome: CheckOutcome): void {
    this.checks.inc({ provider, outcome });
  }
}
