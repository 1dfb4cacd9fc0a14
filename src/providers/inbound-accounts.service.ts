import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CLOCK, type Clock } from '../common/clock';
import { within } from '../common/within';
import { Database } from '../database/database';
import type { ProviderCredentials } from './contract/credentials';
import type { AnyProviderAdapter } from './contract/provider-adapter';
import type { SharedValues } from './contract/shared-resources';
import type { SignatureVerdict, WebhookRequest } from './contract/webhook';
import { CredentialVault } from './credential-vault';
import { isInboundKey } from './inbound-key';
import { ProviderAccountRepository } from './provider-account.repository';
import { credentialsOf } from './provider-credentials';
import type { ProviderName } from '../common/provider-name';
import { ProvidersService } from './providers.service';
import { SharedResourcesService } from './shared-resources.service';

/** How long a change made by another process may go unnoticed, in milliseconds. */
const MAX_AGE_MS = 5_000;
/** An account read less than this ago is not read again for a signature that does not fit, in milliseconds. */
const FRESH_MS = 1_000;
const MAX_CACHED = 5_000;
/** While the database does not answer, an account is believed to be what it was so long ago, in milliseconds. */
const LAST_KNOWN_MS = 60_000;
/** How long a read may take before it counts as not answered, in milliseconds: somebody is waiting on the line. */
const READ_LIMIT_MS = 800;

/** The account that an inbound URL belongs to, with what proves and reads a vendor's request. */
export interface InboundAccount {
  readonly accountId: string;
  readonly providerAccountId: string;
  readonly provider: ProviderName;
  readonly adapter: AnyProviderAdapter;
  readonly credentials: ProviderCredentials;
  readonly shared: SharedValues | null;
  /** ISO 3166, for numbers in national form. */
  readonly country: string | null;
}

interface Cached {
  readonly account: InboundAccount;
  readonly readAt: number;
}

/** The accounts behind the keys of inbound URLs, and whether a request is theirs. */
@Injectable()
export class InboundAccounts {
  private readonly cached = new LRUCache<string, Cached>({ max: MAX_CACHED });

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Database) private readonly database: Database,
    private readonly accounts: ProviderAccountRepository,
    private readonly vault: CredentialVault,
    private readonly shared: SharedResourcesService,
    private readonly providers: ProvidersService,
  ) {}

  /** @returns `null` where no account has this key at this provider */
  async find(provider: ProviderName, key: string): Promise<InboundAccount | null> {
    return this.noOlderThan(MAX_AGE_MS, provider, key);
  }

  /**
   * Whether the vendor has sent the request. What does not fit the account as it is remembered is held against the account as
   * it is now, since its credentials may just have changed.
   */
  async verify(account: InboundAccount, key: string, request: WebhookRequest): Promise<SignatureVerdict> {
    const verdict = this.verdictOn(account, request);
    if (verdict.kind === 'authentic') return verdict;
    const current = await this.noOlderThan(FRESH_MS, account.provider, key);
    return current && current !== account ? this.verdictOn(current, request) : verdict;
  }

  /** Makes this process read the account again: its credentials have changed, or it is gone. */
  forget(key: string): void {
    this.cached.delete(key);
  }

  private verdictOn({ adapter, credentials, shared }: InboundAccount, request: WebhookRequest): SignatureVerdict {
    return adapter.webhook.verify(request, { credentials, shared, nowMs: this.clock.now() });
  }

  private async noOlderThan(ageMs: number, provider: ProviderName, key: string): Promise<InboundAccount | null> {
    const cached = this.cached.get(key);
    const known = cached?.account.provider === provider ? cached : undefined;
    if (known && this.clock.now() - known.readAt < ageMs) return known.account;
    const account = isInboundKey(key) ? await this.readOrRemember(provider, key, known) : null;
    if (known && account === known.account) return account;
    if (account) this.cached.set(key, { account, readAt: this.clock.now() });
    else this.cached.delete(key);
    return account;
  }

  private async readOrRemember(
    provider: ProviderName,
    key: string,
    known: Cached | undefined,
  ): Promise<InboundAccount | null> {
    try {
      return await within(READ_LIMIT_MS, this.read(provider, key));
    } catch (error) {
      if (known && this.clock.now() - known.readAt < LAST_KNOWN_MS) return known.account;
      throw error;
    }
  }

  private async read(provider: ProviderName, key: string): Promise<InboundAccount | null> {
    const row = await this.database.read((manager) => this.accounts.findByKey(manager, provider, key));
    if (!row) return null;
    const { accountId, providerAccountId, country } = row;
    const adapter = this.providers.adapter(provider);
    const credentials = credentialsOf(adapter, this.vault.open(row));
    const shared = await this.shared.of({ providerAccountId, accountId, provider }).read();
    return { accountId, providerAccountId, provider, adapter, credentials, shared, country };
  }
}
