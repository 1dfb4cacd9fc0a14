import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../common/clock';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import { ADAPTERS } from './adapters/registry';
import { NO_CAPABILITIES, type ProviderCapabilities } from './contract/capabilities';
import type { VendorHttp } from './contract/http';
import type { AnyProviderAdapter } from './contract/provider-adapter';
import type { RouteTarget } from './contract/route';
import { CredentialVault } from './credential-vault';
import { ProviderAccountRepository } from './provider-account.repository';
import type { InboundKeyOwner, ProviderConnection } from './provider-connection';
import { connect } from './provider-credentials';
import { PROVIDER_NAMES, type ProviderName } from './provider-name';
import { HttpClient } from './support/http-client';
import { VendorMetrics } from './vendor-metrics';

/** How long a change made by another process may go unnoticed, in milliseconds. */
const MAX_AGE_MS = 5_000;
const MAX_CACHED = 5_000;

interface CachedConnection {
  readonly connection: ProviderConnection;
  readonly updatedAt: number;
  readonly readAt: number;
}

/** 32 bytes as base64url, https://www.rfc-editor.org/rfc/rfc4648#section-5, without padding. */
const INBOUND_KEY = /^[A-Za-z0-9_-]{43}$/;

/** The vendors, an account's connections to them, and the addresses at which they reach us. */
@Injectable()
export class ProvidersService {
  private readonly adapters: Partial<Record<ProviderName, AnyProviderAdapter>> = ADAPTERS;
  private readonly httpClients: ReadonlyMap<ProviderName, VendorHttp>;
  private readonly cached = new LRUCache<string, CachedConnection>({ max: MAX_CACHED });
  private readonly reading = new Map<string, Promise<CachedConnection | null>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly database: Database,
    private readonly accounts: ProviderAccountRepository,
    private readonly vault: CredentialVault,
    metrics: VendorMetrics,
  ) {
    this.httpClients = new Map(PROVIDER_NAMES.map((name) => [name, this.makeHttpClient(name, metrics)]));
  }

  /** `undefined` for a provider that this version cannot speak to yet. */
  adapter(name: ProviderName): AnyProviderAdapter | undefined {
    return this.adapters[name];
  }

  capabilities(name: ProviderName): ProviderCapabilities {
    return this.adapter(name)?.capabilities ?? NO_CAPABILITIES;
  }

  /** What adapters of that vendor speak HTTP through. */
  http(name: ProviderName): VendorHttp {
    const client = this.httpClients.get(name);
    if (!client) throw new Error(`No HTTP client for ${name}`);
    return client;
  }

  /**
   * The account's connection, or `null` where the provider is not configured. Credentials are opened once; a change
   * made by another process is seen at most five seconds later. May read the database, so never inside a transaction.
   * @throws SecretBoxError when the credentials were sealed by a key that is not configured any more
   */
  async connection(accountId: string, provider: ProviderName): Promise<ProviderConnection | null> {
    const key = cacheKey(accountId, provider);
    const known = this.cached.get(key);
    if (known && this.clock.now() - known.readAt < MAX_AGE_MS) return known.connection;
    const current = this.reading.get(key) ?? this.startReading(key, accountId, provider, known);
    return (await current)?.connection ?? null;
  }

  /** Makes this process read the credentials again. */
  forget(accountId: string, provider: ProviderName): void {
    const key = cacheKey(accountId, provider);
    this.cached.delete(key);
    this.reading.delete(key);
  }

  /** Where the provider finds us for this account; the key in it is the account's secret. */
  inboundUrl(name: ProviderName, inboundKey: string): string {
    const url = `${this.config.http.publicUrl}/inbound/${name}/${inboundKey}`;
    return this.adapter(name)?.inboundScheme === 'ws' ? url.replace(/^http/, 'ws') : url;
  }

  /** A number's own address, for providers where each number is bound by hand. */
  numberInboundUrl(name: ProviderName, inboundKey: string, e164: string): string {
    return `${this.inboundUrl(name, inboundKey)}/${e164}`;
  }

  routeTarget(name: ProviderName, inboundKey: string): RouteTarget {
    const answerUrl = this.inboundUrl(name, inboundKey);
    return { answerUrl, statusUrl: `${answerUrl}/status` };
  }

  async findByInboundKey(provider: ProviderName, key: string): Promise<InboundKeyOwner | null> {
    if (!INBOUND_KEY.test(key)) return null;
    return this.database.read((manager) => this.accounts.findByInboundKey(manager, provider, key));
  }

  private makeHttpClient(vendor: ProviderName, metrics: VendorMetrics): HttpClient {
    const baseUrl = this.config.providerUrls[vendor];
    // Where the operator names the host, the customer does not.
    const isCustomers = baseUrl === undefined && (this.adapter(vendor)?.hasCustomerHost ?? false);
    const publicOnly = isCustomers && !this.config.allowPrivateUrls;
    return new HttpClient({ vendor, baseUrl, publicOnly, clock: this.clock, observe: metrics.observe });
  }

  /** One read serves all who ask meanwhile; `forget` disowns it, so that it cannot bring back what was changed. */
  private startReading(
    key: string,
    accountId: string,
    provider: ProviderName,
    known: CachedConnection | undefined,
  ): Promise<CachedConnection | null> {
    const isCurrent = () => this.reading.get(key) === reading;
    const reading = this.read(accountId, provider, known)
      .then((fresh) => {
        if (fresh && isCurrent()) this.cached.set(key, fresh);
        return fresh;
      })
      .finally(() => {
        if (isCurrent()) this.reading.delete(key);
      });
    this.reading.set(key, reading);
    return reading;
  }

  private async read(
    accountId: string,
    provider: ProviderName,
    known: CachedConnection | undefined,
  ): Promise<CachedConnection | null> {
    const adapter = this.adapter(provider);
    if (!adapter) return null;
    const readAt = this.clock.now();
    const row = await this.database.read((manager) => this.accounts.find(manager, accountId, provider));
    if (!row) return null;
    const { providerAccountId, inboundKey, updatedAt } = row;
    if (known?.updatedAt === updatedAt && known.connection.providerAccountId === providerAccountId) {
      return { ...known, readAt };
    }
    const client = connect(adapter, this.vault.open(row), this.http(provider));
    return { connection: { providerAccountId, accountId, provider, inboundKey, client, adapter }, updatedAt, readAt };
  }
}

function cacheKey(accountId: string, provider: ProviderName): string {
  return `${accountId}:${provider}`;
}
