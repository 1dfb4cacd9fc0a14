import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { affectedRows, selectRows, type SqlValue } from '../database/sql';
import { TokenEntity } from './token.entity';

export type NewToken = Pick<
  TokenEntity,
  'tokenId' | 'accountId' | 'digest' | 'scopes' | 'createdAt' | 'expiresAt' | 'revokedAt'
>;

/** What authentication needs of a token that is not revoked. */
export interface StoredToken {
  readonly tokenId: string;
  readonly accountId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
}

/** A token as it is listed: everything but its digest. */
export interface TokenSummary extends StoredToken {
  readonly accountName: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

interface TokenRow {
  token_id: string;
  account_id: string;
  scopes: unknown;
  expires_at: number | null;
}

interface SummaryRow extends TokenRow {
  name: string;
  created_at: number;
  revoked_at: number | null;
}

@Injectable()
export class TokenRepository {
  async insert(manager: EntityManager, token: NewToken): Promise<void> {
    await manager.insert(TokenEntity, token);
  }

  /** The token of a digest, expired or not, unless it is revoked. */
  async findLive(manager: EntityManager, digest: string): Promise<StoredToken | null> {
    const [row] = await selectRows<TokenRow>(
      manager,
      'SELECT token_id, account_id, scopes, expires_at FROM api_token WHERE digest = ? AND revoked_at IS NULL',
      [digest],
    );
    return row ? toStored(row) : null;
  }

  /** Tokens in the order of their making, of one account or of all. */
  async list(manager: EntityManager, accountName?: string): Promise<TokenSummary[]> {
    const [where, params]: [string, SqlValue[]] =
      accountName === undefined ? ['', []] : [' WHERE a.name = ?', [accountName]];
    const rows = await selectRows<SummaryRow>(
      manager,
      'SELECT t.token_id, t.account_id, t.scopes, t.expires_at, t.created_at, t.revoked_at, a.name' +
        ` FROM api_token t JOIN account a ON a.account_id = t.account_id${where} ORDER BY t.token_id`,
      params,
    );
    return rows.map((row) => ({
      ...toStored(row),
      accountName: row.name,
      createdAt: row.created_at,
      revokedAt: row.revoked_at,
    }));
  }

  /**
   * Revokes a token for good; one that is revoked already keeps its time.
   * @returns its digest and when it was revoked, or `null` when there is no such token
   */
  async revoke(
    manager: EntityManager,
    tokenId: string,
    now: number,
  ): Promise<{ digest: string; revokedAt: number } | null> {
    await affectedRows(manager, 'UPDATE api_token SET revoked_at = ? WHERE token_id = ? AND revoked_at IS NULL', [
      now,
      tokenId,
    ]);
    const [row] = await selectRows<{ digest: string; revoked_at: number }>(
      manager,
      'SELECT digest, revoked_at FROM api_token WHERE token_id = ?',
      [tokenId],
    );
    return row ? { digest: row.digest, revokedAt: row.revoked_at } : null;
  }
}

function toStored(row: TokenRow): StoredToken {
  return {
    tokenId: row.token_id,
    accountId: row.account_id,
    scopes: toScopes(row.scopes),
    expiresAt: row.expires_at,
  };
}

/** MySQL's JSON comes parsed; MariaDB's and SQLite's comes as text. */
function toScopes(value: unknown): string[] {
  const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  return Array.isArray(parsed) ? parsed.filter((scope) => typeof scope === 'string') : [];
}
