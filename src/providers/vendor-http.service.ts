import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../common/clock';
import { CONFIG, type Config } from '../config/config';
import type { VendorHttp } from './contract/http';
import type { AnyProviderAdapter } from './contract/provider-adapter';
import type { ProviderName } from '../common/provider-name';
import { HttpClient } from './support/http-client';
import { ResilientHttp } from './support/resilient-http';
import { VendorMetrics } from './vendor-metrics';

const MAX_REMEMBERED = 10_000;

/** What adapters speak HTTP through: connections are shared by vendor, limits and circuits are per provider account. */
@Injectable()
export class VendorHttpService implements OnApplicationShutdown {
  private readonly clients = new Map<ProviderName, HttpClient>();
  private readonly accounts = new LRUCache<string, VendorHttp>({ max: MAX_REMEMBERED });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly metrics: VendorMetrics,
  ) {}

  ofAccount(adapter: AnyProviderAdapter, providerAccountId: string): VendorHttp {
    const known = this.accounts.get(providerAccountId);
    if (known) return known;
    const http = this.once(adapter);
    this.accounts.set(providerAccountId, http);
    return http;
  }

  /** For credentials that are only tried out. */
  once(adapter: AnyProviderAdapter): VendorHttp {
    return new ResilientHttp(this.client(adapter), { vendor: adapter.name, observe: this.metrics.observe });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.close()));
  }

  private client({ name, hasCustomerHost = false }: AnyProviderAdapter): HttpClient {
    const known = this.clients.get(name);
    if (known) return known;
    const baseUrl = this.config.providerUrls[name];
    // Where the operator names the host, the customer does not.
    const publicOnly = baseUrl === undefined && hasCustomerHost && !this.config.allowPrivateUrls;
    const client = new HttpClient({
      vendor: name,
      baseUrl,
      publicOnly,
      clock: this.clock,
      observe: this.metrics.observe,
    });
    this.clients.set(name, client);
    return client;
  }
}
