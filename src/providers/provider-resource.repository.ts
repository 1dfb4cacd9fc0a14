import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '../common/secret-box';
import { Database } from '../database/database';
import { affectedRows, selectRows, skipTaken } from '../database/sql';

export interface ResourceClaim {
  readonly providerAccountId: string;
  /** Names who holds it. */
  readonly claim: string;
}

/** Statements on `provider_resource`. Times in Unix milliseconds. */
@Injectable()
export class ProviderResourceRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The values as sealed; `null` before anything is made. */
  async find(manager: EntityManager, providerAccountId: string): Promise<Sealed | null> {
    const [row] = await selectRows<Sealed>(
      manager,
      `SELECT sealed_values AS box, secrets_key_id AS keyId FROM provider_resource
       WHERE provider_account_id = ? AND sealed_values IS NOT NULL`,
      [providerAccountId],
    );
    return row ?? null;
  }

  /**
   * Takes the claim where nobody has it or it has lapsed. @returns whether it is ours now
   * @throws a foreign key error (`isForeignKeyViolation`) where the provider account is gone
   */
  async claim(
    manager: EntityManager,
    { providerAccountId, claim }: ResourceClaim,
    now: number,
    until: number,
  ): Promise<boolean> {
    const taken = skipTaken(this.database.dialect, 'updated_at');
    await affectedRows(
      manager,
      `INSERT INTO provider_resource (provider_account_id, updated_at) VALUES (?, ?)${taken}`,
      [providerAccountId, now],
    );
    const claimed = await affectedRows(
      manager,
      `UPDATE provider_resource SET claim = ?, claimed_until = ?
       WHERE provider_account_id = ? AND (claim IS NULL OR claimed_until <= ?)`,
      [claim, until, providerAccountId, now],
    );
    return claimed === 1;
  }

  /** Stores what was made and gives the claim back. @returns whether the claim was still ours */
  async store(
    manager: EntityManager,
    { providerAccountId, claim }: ResourceClaim,
    { box, keyId }: Sealed,
    now: number,
  ): Promise<boolean> {
    const stored = await affectedRows(
      manager,
      `UPDATE provider_resource
       SET sealed_values = ?, secrets_key_id = ?, claim = NULL, claimed_until = NULL, updated_at = ?
       WHERE provider_account_id = ? AND claim = ?`,
      [box, keyId, now, providerAccountId, claim],
    );
    return stored === 1;
  }

  async release(manager: EntityManager, { providerAccountId, claim }: ResourceClaim): Promise<void> {
    await affectedRows(
      manager,
      'UPDATE provider_resource SET claim = NULL, claimed_until = NULL WHERE provider_account_id = ? AND claim = ?',
      [providerAccountId, claim],
    );
  }
}
