import { type Clock, systemClock } from '../common/clock';
import { newId } from '../common/ids';
import type { Database } from '../database/database';
import type { Principal } from '../http/principal';
import type { AccountService } from './account.service';
import { digestOf, isApiToken, newApiToken } from './api-token';
import type { GrantedScope } from './scopes';
import { TokenCache } from './token-cache';
import type { TokenRepository, TokenSummary } from './token.repository';

export interface TokenRequest {
  readonly accountName: string;
  readonly scopes: readonly GrantedScope[];
  /** Unix milliseconds; absent or null = never. */
  readonly expiresAt?: number | null;
}

export interface CreatedToken {
  /** Shown to its owner now and never again. */
  readonly token: string;
  readonly tokenId: string;
  readonly accountId: string;
}

export class TokenService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountService,
    private readonly tokens: TokenRepository,
    private readonly clock: Clock = systemClock,
    private readonly cache: TokenCache = new TokenCache(),
  ) {}

  /** Makes a token, and its account when there is none of that name. */
  async create({ accountName, scopes, expiresAt = null }: TokenRequest): Promise<CreatedToken> {
    const accountId = await this.accounts.ensure(accountName);
    const token = newApiToken();
    const tokenId = newId('token');
    await this.database.transaction((manager) =>
      this.tokens.insert(manager, {
        tokenId,
        accountId,
        digest: digestOf(token),
        scopes: [...scopes],
        createdAt: this.clock.now(),
        expiresAt,
        revokedAt: null,
      }),
    );
    return { token, tokenId, accountId };
  }

  /** Every token ever made, of one account or of all, without what would let somebody in. */
  list(accountName?: string): Promise<TokenSummary[]> {
    return this.database.read((manager) => this.tokens.list(manager, accountName));
  }

  /**
   * Revokes a token: in this process at once, in others within `MAX_AGE_MS`. Doing it again changes nothing.
   * @returns when it was revoked (Unix milliseconds), or `null` when there is no such token
   */
  async revoke(tokenId: string): Promise<number | null> {
    const revoked = await this.database.transaction((manager) =>
      this.tokens.revoke(manager, tokenId, this.clock.now()),
    );
    if (!revoked) return null;
    this.cache.drop(revoked.digest);
    return revoked.revokedAt;
  }

  /** Whose token this is, or `null` when it is unknown, revoked or expired. */
  async authenticate(token: string): Promise<Principal | null> {
    if (!isApiToken(token)) return null;
    const digest = digestOf(token);
    const found = await this.cache.get(digest, () =>
      this.database.read((manager) => this.tokens.findLive(manager, digest)),
    );
    if (!found || (found.expiresAt !== null && found.expiresAt <= this.clock.now())) return null;
    return { accountId: found.accountId, tokenId: found.tokenId, scopes: found.scopes };
  }
}
