import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { forUpdate, selectRows } from '../database/sql';
import type { InboundKeyOwner } from './provider-connection';
import type { ProviderName } from '../common/provider-name';

/** A row of `provider_account`. Times in Unix milliseconds. */
export interface ProviderAccountRow {
  readonly providerAccountId: string;
  readonly accountId: string;
  readonly provider: ProviderName;
  readonly sealedCredentials: string;
  readonly secretsKeyId: string;
  readonly country: string | null;
  readonly inboundKey: string;
  readonly verified: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type ChangedProviderAccount = Pick<
  ProviderAccountRow,
  'providerAccountId' | 'sealedCredentials' | 'secretsKeyId' | 'country' | 'verified' | 'updatedAt'
>;

/** What keeps a provider account from being deleted. */
export interface NumbersInUse {
  readonly attached: number;
  /** Detached, but their former route is still to be given back, which takes the credentials. */
  readonly unsettled: number;
}

const COLUMNS = `provider_account_id AS providerAccountId, account_id AS accountId, provider,
  sealed_credentials AS sealedCredentials, secrets_key_id AS secretsKeyId, country, inbound_key AS inboundKey,
  verified, created_at AS createdAt, updated_at AS updatedAt`;

/** Statements on `provider_account`, and the count of the numbers that depend on one. */
@Injectable()
export class ProviderAccountRepository {
  constructor(private readonly database: Database) {}

  find(manager: EntityManager, accountId: string, provider: ProviderName): Promise<ProviderAccountRow | null> {
    return this.select(manager, accountId, provider, '');
  }

  /** Keeps others from changing or deleting the row, and from attaching numbers, until the transaction ends. */
  findForUpdate(manager: EntityManager, accountId: string, provider: ProviderName): Promise<ProviderAccountRow | null> {
    return this.select(manager, accountId, provider, forUpdate(this.database.dialect));
  }

  /** The provider account whose inbound URL has this key. */
  async findByKey(manager: EntityManager, provider: ProviderName, key: string): Promise<ProviderAccountRow | null> {
    return this.selectOne(manager, 'inbound_key = ? AND provider = ?', [key, provider]);
  }

  async configured(manager: EntityManager, accountId: string): Promise<ReadonlySet<ProviderName>> {
    const sql = 'SELECT provider FROM provider_account WHERE account_id = ?';
    const rows = await selectRows<{ provider: ProviderName }>(manager, sql, [accountId]);
    return new Set(rows.map(({ provider }) => provider));
  }

  async findByInboundKey(
    manager: EntityManager,
    provider: ProviderName,
    inboundKey: string,
  ): Promise<InboundKeyOwner | null> {
    const [row] = await selectRows<InboundKeyOwner>(
      manager,
      `SELECT account_id AS accountId, provider_account_id AS providerAccountId, provider
       FROM provider_account WHERE inbound_key = ? AND provider = ?`,
      [inboundKey, provider],
    );
    return row ?? null;
  }

  /** Fails with a duplicate key where the account has the provider configured already. */
  async insert(manager: EntityManager, row: ProviderAccountRow): Promise<void> {
    await manager.query(
      `INSERT INTO provider_account (provider_account_id, account_id, provider, sealed_credentials, secrets_key_id,
         country, inbound_key, verified, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.providerAccountId,
        row.accountId,
        row.provider,
        row.sealedCredentials,
        row.secretsKeyId,
        row.country,
        row.inboundKey,
        row.verified ? 1 : 0,
        row.createdAt,
        row.updatedAt,
      ],
    );
  }

  async update(manager: EntityManager, row: ChangedProviderAccount): Promise<void> {
    await manager.query(
      `UPDATE provider_account
       SET sealed_credentials = ?, secrets_key_id = ?, country = ?, verified = ?, updated_at = ?
       WHERE provider_account_id = ?`,
      [
        row.sealedCredentials,
        row.secretsKeyId,
        row.country,
        row.verified ? 1 : 0,
        row.updatedAt,
        row.providerAccountId,
      ],
    );
  }

  async delete(manager: EntityManager, providerAccountId: string): Promise<void> {
    await manager.query('DELETE FROM provider_account WHERE provider_account_id = ?', [providerAccountId]);
  }

  /** A detached number that is due no more was given up on, and holds nothing back. */
  async numbersInUse(manager: EntityManager, accountId: string, provider: ProviderName): Promise<NumbersInUse> {
    const [row] = await selectRows<{ attached: number | string; unsettled: number | string | null }>(
      manager,
      `SELECT COUNT(agent_id) AS attached,
         SUM(CASE WHEN agent_id IS NULL AND route_generation <> confirmed_generation AND route_due_at IS NOT NULL
           THEN 1 ELSE 0 END) AS unsettled
       FROM phone_number WHERE account_id = ? AND provider = ?`,
      [accountId, provider],
    );
    return { attached: Number(row?.attached ?? 0), unsettled: Number(row?.unsettled ?? 0) };
  }

  private select(
    manager: EntityManager,
    accountId: string,
    provider: ProviderName,
    lock: string,
  ): Promise<ProviderAccountRow | null> {
    return this.selectOne(manager, `account_id = ? AND provider = ?${lock}`, [accountId, provider]);
  }

  private async selectOne(
    manager: EntityManager,
    condition: string,
    params: readonly string[],
  ): Promise<ProviderAccountRow | null> {
    type Raw = Omit<ProviderAccountRow, 'verified'> & { readonly verified: unknown };
    const [row] = await selectRows<Raw>(manager, `SELECT ${COLUMNS} FROM provider_account WHERE ${condition}`, params);
    return row ? { ...row, verified: Boolean(row.verified) } : null;
  }
}
