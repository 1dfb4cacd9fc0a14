import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../../database/database';
import { affectedRows, forUpdate, placeholders, selectRows, type SqlValue } from '../../database/sql';
import type { ProviderName } from '../../common/provider-name';
import { RunLostError } from './run-lost.error';
import type { SyncFailure } from './sync-failure';
import type { SyncKey, SyncProgress, SyncRecord, SyncRun } from './sync-run';

const COLUMNS = `s.sync_id AS syncId, s.state, s.phase, s.claim, s.claimed_until AS claimedUntil, s.due_at AS dueAt,
  s.resume_after AS resumeAfter, s.added, s.updated, s.gone, s.unchanged, s.skipped, s.attempts,
  s.last_error AS lastError, s.started_at AS startedAt, s.ended_at AS endedAt`;

const KEY = 'a.provider_account_id AS providerAccountId, a.account_id AS accountId, a.provider';

/** What a run starts from when it starts at the beginning. */
const AT_THE_BEGINNING = `state = 'running', phase = 'listing', resume_after = NULL, added = 0, updated = 0, gone = 0,
  unchanged = 0, skipped = 0, attempts = 0, last_error = NULL, ended_at = NULL`;

const RELEASED = 'claim = NULL, claimed_until = NULL';

/** Everything that is written for a run is written only while its claim holds. */
const HELD = 'provider_account_id = ? AND claim = ?';

/** The one row of a provider account that says how its import stands. */
@Injectable()
export class ProviderSyncRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async find(manager: EntityManager, accountId: string, provider: ProviderName): Promise<SyncRecord | null> {
    const [row] = await selectRows<SyncRecord>(
      manager,
      `SELECT ${COLUMNS} FROM provider_sync s
       JOIN provider_account a ON a.provider_account_id = s.provider_account_id
       WHERE a.account_id = ? AND a.provider = ?`,
      [accountId, provider],
    );
    return row ?? null;
  }

  async lock(manager: EntityManager, providerAccountId: string): Promise<SyncRecord | null> {
    const [row] = await selectRows<SyncRecord>(
      manager,
      `SELECT ${COLUMNS} FROM provider_sync s WHERE s.provider_account_id = ?${forUpdate(this.database.dialect)}`,
      [providerAccountId],
    );
    return row ?? null;
  }

  /** @throws a duplicate key error when there is a row by now, a foreign key error when the account is gone */
  async insert(manager: EntityManager, { providerAccountId, syncId, claim, startedAt }: SyncRun, claimedUntil: number) {
    await affectedRows(
      manager,
      `INSERT INTO provider_sync (provider_account_id, sync_id, state, phase, claim, claimed_until, added, updated, gone,
         unchanged, skipped, attempts, started_at)
       VALUES (?, ?, 'running', 'listing', ?, ?, 0, 0, 0, 0, 0, 0, ?)`,
      [providerAccountId, syncId, claim, claimedUntil, startedAt],
    );
  }

  async restart(manager: EntityManager, { providerAccountId, syncId, claim, startedAt }: SyncRun, until: number) {
    await affectedRows(
      manager,
      `UPDATE provider_sync SET ${AT_THE_BEGINNING}, sync_id = ?, started_at = ?, claim = ?, claimed_until = ?,
         due_at = NULL
       WHERE provider_account_id = ?`,
      [syncId, startedAt, claim, until, providerAccountId],
    );
  }

  async resume(manager: EntityManager, { providerAccountId, claim }: SyncRun, claimedUntil: number): Promise<void> {
    await affectedRows(
      manager,
      'UPDATE provider_sync SET claim = ?, claimed_until = ?, due_at = NULL WHERE provider_account_id = ?',
      [claim, claimedUntil, providerAccountId],
    );
  }

  /** Makes a run that is under way start at the beginning, as another one, in whoever's hands it is. */
  async disown(
    manager: EntityManager,
    accountId: string,
    provider: ProviderName,
    { syncId, now, dueAt }: { syncId: string; now: number; dueAt: number },
  ): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE provider_sync SET ${AT_THE_BEGINNING}, sync_id = ?, started_at = ?, claim = NULL, claimed_until = NULL,
         due_at = ?
       WHERE state = 'running' AND provider_account_id IN (
         SELECT provider_account_id FROM provider_account WHERE account_id = ? AND provider = ?
       )`,
      [syncId, now, dueAt, accountId, provider],
    );
  }

  /**
   * Locks the row of a run, the first thing in each of its transactions.
   * @throws RunLostError
   */
  async hold(manager: EntityManager, run: SyncRun): Promise<void> {
    const rows = await selectRows(
      manager,
      `SELECT 1 AS held FROM provider_sync WHERE ${HELD}${forUpdate(this.database.dialect)}`,
      [run.providerAccountId, run.claim],
    );
    if (rows.length === 0) throw new RunLostError();
  }

  /** Adds to the counts, says where to go on and prolongs the claim. */
  async advance(manager: EntityManager, run: SyncRun, progress: SyncProgress): Promise<void> {
    const { added = 0, updated = 0, gone = 0, unchanged = 0, skipped = 0 } = progress.counts;
    await affectedRows(
      manager,
      `UPDATE provider_sync SET phase = ?, resume_after = ?, claimed_until = ?, added = added + ?, updated = updated + ?,
         gone = gone + ?, unchanged = unchanged + ?, skipped = skipped + ?, attempts = 0, last_error = NULL
       WHERE ${HELD}`,
      [
        progress.phase,
        progress.resumeAfter,
        progress.claimedUntil,
        added,
        updated,
        gone,
        unchanged,
        skipped,
        run.providerAccountId,
        run.claim,
      ],
    );
  }

  /** The list is to be read from its beginning again. Numbers that were met are marked; those left alone are not. */
  rewind(manager: EntityManager, run: SyncRun): Promise<void> {
    return this.write(manager, run, 'resume_after = NULL, skipped = 0', []);
  }

  complete(manager: EntityManager, run: SyncRun, now: number): Promise<void> {
    const assignments = `state = 'completed', ${RELEASED}, resume_after = NULL, ended_at = ?`;
    return this.write(manager, run, assignments, [now]);
  }

  recordFailure(
    manager: EntityManager,
    run: SyncRun,
    { error, retryAfterMs }: SyncFailure,
    now: number,
  ): Promise<void> {
    if (retryAfterMs === null) {
      const assignments = `state = 'failed', ${RELEASED}, ended_at = ?, last_error = ?`;
      return this.write(manager, run, assignments, [now, error]);
    }
    const assignments = `${RELEASED}, due_at = ?, last_error = ?, attempts = attempts + 1`;
    return this.write(manager, run, assignments, [now + retryAfterMs, error]);
  }

  /** Gives the claim back, so that another process may go on at once. */
  release(manager: EntityManager, run: SyncRun, now: number): Promise<void> {
    return this.write(manager, run, `${RELEASED}, due_at = ?`, [now]);
  }

  /** Runs that nobody is at, or whose claim has lapsed, the longest waiting first. */
  async resumable(manager: EntityManager, now: number, limit: number): Promise<SyncKey[]> {
    return selectRows<SyncKey>(
      manager,
      `SELECT ${KEY} FROM provider_sync s JOIN provider_account a ON a.provider_account_id = s.provider_account_id
       WHERE s.state = 'running' AND (s.due_at <= ? OR s.claimed_until <= ?)
       ORDER BY COALESCE(s.due_at, s.claimed_until) LIMIT ?`,
      [now, now, limit],
    );
  }

  /** Accounts at these providers whose last sync ended, or that were made and never synced, before `before`. */
  async outdated(
    manager: EntityManager,
    providers: readonly ProviderName[],
    before: number,
    limit: number,
  ): Promise<SyncKey[]> {
    if (providers.length === 0) return [];
    return selectRows<SyncKey>(
      manager,
      `SELECT ${KEY} FROM provider_account a LEFT JOIN provider_sync s ON s.provider_account_id = a.provider_account_id
       WHERE a.provider IN (${placeholders(providers.length)}) AND (s.state IS NULL OR s.state <> 'running')
         AND COALESCE(s.ended_at, a.created_at) <= ?
       ORDER BY COALESCE(s.ended_at, a.created_at) LIMIT ?`,
      [...providers, before, limit],
    );
  }

  /** @throws RunLostError */
  private async write(
    manager: EntityManager,
    { providerAccountId, claim }: SyncRun,
    assignments: string,
    params: readonly SqlValue[],
  ): Promise<void> {
    const written = await affectedRows(manager, `UPDATE provider_sync SET ${assignments} WHERE ${HELD}`, [
      ...params,
      providerAccountId,
      claim,
    ]);
    if (written === 0) throw new RunLostError();
  }
}
