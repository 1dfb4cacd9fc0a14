import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../common/clock';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import { ADAPTERS } from './adapters/registry';
import type { ProviderCapabilities } from './contract/capabilities';
import type { AnyProviderAdapter, ProviderClient } from './contract/provider-adapter';
import type { RouteTarget } from './contract/route';
import { CredentialVault } from './credential-vault';
import { isInboundKey } from './inbound-key';
import { ProviderAccountRepository } from './provider-account.repository';
import type { InboundKeyOwner, ProviderConnection } from './provider-connection';
import { connect, type CredentialTexts } from './provider-credentials';
import type { ProviderName } from '../common/provider-name';
import { SharedResourcesService } from './shared-resources.service';
import { VendorHttpService } from './vendor-http.service';

/** How long a change made by another process may go unnoticed, in milliseconds. */
const MAX_AGE_MS = 5_000;
const MAX_CACHED = 5_000;

interface CachedConnection {
  readonly connection: ProviderConnection;
  readonly updatedAt: number;
  readonly readAt: number;
}

/** The vendors, an account's connections to them, and the addresses at which they reach us. */
@Injectable()
export class ProvidersService {
  private readonly adapters: Record<ProviderName, AnyProviderAdapter> = ADAPTERS;
  private readonly cached = new LRUCache<string, CachedConnection>({ max: MAX_CACHED });
  private readonly reading = new Map<string, Promise<CachedConnection | null>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly database: Database,
    private readonly accounts: ProviderAccountRepository,
    private readonly vault: CredentialVault,
    private readonly http: VendorHttpService,
    private readonly shared: SharedResourcesService,
  ) {}

  adapter(name: ProviderName): AnyProviderAdapter {
    return this.adapters[name];
  }

  capabilities(name: ProviderName): ProviderCapabilities {
    return this.adapter(name).capabilities;
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

  /** A client for credentials that are only tried out. */
  tryOut(adapter: AnyProviderAdapter, credentials: CredentialTexts): ProviderClient {
    return connect(adapter, credentials, this.http.once(adapter), this.shared.none());
  }

  /** Where the provider finds us for this account; the key in it is the account's secret. */
  inboundUrl(name: ProviderName, inboundKey: string): string {
    const url = `${this.config.http.publicUrl}/inbound/${name}/${inboundKey}`;
    return this.adapter(name).inboundScheme === 'ws' ? url.replace(/^http/, 'ws') : url;
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
    if (!isInboundKey(key)) return null;
    return this.database.read((manager) => this.accounts.findByInboundKey(manager, provider, key));
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
    const readAt = this.clock.now();
    const row = await this.database.read((manager) => this.accounts.find(manager, accountId, provider));
    if (!row) return null;
    const { providerAccountId, inboundKey, updatedAt } = row;
    if (known?.updatedAt === updatedAt && known.connection.providerAccountId === providerAccountId) {
      return { ...known, readAt };
    }
    const http = this.http.ofAccount(adapter, providerAccountId);
    const shared = this.shared.of({ providerAccountId, accountId, provider });
    const client = connect(adapter, this.vault.open(row), http, shared);
    return { connection: { providerAccountId, accountId, provider, inboundKey, client, adapter }, updatedAt, readAt };
  }
}

function cacheKey(accountId: string, provider: ProviderName): string {
  return `${accountId}:${provider}`;
}
