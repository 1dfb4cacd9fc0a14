import { Injectable } from '@nestjs/common';
import { Metrics } from '../telemetry/metrics';
import type { VendorObserver } from './support/vendor-observer';

/** Up to the time limit of a call. */
const BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8];

/** Counts and times the calls to the vendors. */
@Injectable()
export class VendorMetrics {
  readonly observe: VendorObserver;

  constructor(metrics: Metrics) {
    const duration = metrics.histogram({
      name: 'provider_request_duration_seconds',
      help: 'Duration of requests to providers until the body of the answer was read, by how they ended',
      labelNames: ['provider', 'method', 'outcome'],
      buckets: BUCKETS_S,
    });
    this.observe = (provider, method, outcome, seconds) => duration.observe({ provider, method, outcome }, seconds);
  }
}
