import { Injectable } from '@nestjs/common';
import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
} from 'prom-client';

type Options<Configuration> = Omit<Configuration, 'registers'>;

/** The process's metrics, in the text format of Prometheus. No label may hold an account or a telephone number. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  counter<Label extends string>(options: Options<CounterConfiguration<Label>>): Counter<Label> {
    return new Counter({ ...options, registers: [this.registry] });
  }

  gauge<Label extends string>(options: Options<GaugeConfiguration<Label>>): Gauge<Label> {
    return new Gauge({ ...options, registers: [this.registry] });
  }

  /** Name and buckets are in seconds, as Prometheus asks: https://prometheus.io/docs/practices/naming/#base-units */
  histogram<Label extends string>(options: Options<HistogramConfiguration<Label>>): Histogram<Label> {
    return new Histogram({ ...options, registers: [this.registry] });
  }
}
