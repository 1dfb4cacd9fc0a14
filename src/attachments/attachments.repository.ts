import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { affectedRows, forShare, forUpdate, placeholders, selectRows, skipTaken, type SqlValue } from '../database/sql';
import type { ProviderName } from '../common/provider-name';
import { interestOf, type StoredInterest, type WebhookInterest } from '../outbox/webhook-event';
import type { Purpose } from '../phone-numbers/phone-number';
import type { NumberRow } from './number-state';
import type { Attachment } from './number-transitions';

const NUMBER_COLUMNS = `e164, provider, purpose, agent_id AS agentId, attached_at AS attachedAt, status, reason,
  proven_at AS provenAt`;

export interface AgentRow {
  readonly purpose: Purpose | null;
  /** What its webhook is told of. */
  readonly interest: WebhookInterest;
}

type StoredAgent = StoredInterest & Pick<AgentRow, 'purpose'>;

export interface NewNumber {
  readonly e164: string;
  readonly provider: ProviderName;
  readonly country: string | null;
  readonly providerNumberId: string | null;
}

/** A due time that leaves a row alone which somebody is reconciling: that one will see the new generation itself. */
const DUE_UNLESS_CLAIMED = `CASE WHEN route_claim IS NOT NULL AND route_due_at > ? THEN route_due_at ELSE ? END`;
const RAISE_ROUTE = `route_generation = route_generation + 1, route_attempts = 0, route_error = NULL,
  route_due_at = ${DUE_UNLESS_CLAIMED}`;

/** Statements of attach and detach; each stays one statement however many numbers there are. */
@Injectable()
export class AttachmentsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The agent and whether the provider is configured, in one read that keeps both from being deleted meanwhile. */
  async lockAgentAndProvider(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    provider: ProviderName,
  ): Promise<{ agent: AgentRow | null; configured: boolean }> {
    const [row] = await selectRows<StoredAgent & { providerAccountId: string | null }>(
      manager,
      `SELECT a.purpose, a.webhook_url AS webhookUrl, a.webhook_events AS webhookEvents,
         p.provider_account_id AS providerAccountId
       FROM agent a LEFT JOIN provider_account p ON p.account_id = a.account_id AND p.provider = ?
       WHERE a.agent_id = ? AND a.account_id = ?${forShare(this.database.dialect)}`,
      [provider, agentId, accountId],
    );
    return { agent: row ? agentOf(row) : null, configured: Boolean(row?.providerAccountId) };
  }

  /** The agent, for changing it. */
  async lockAgent(manager: EntityManager, accountId: string, agentId: string): Promise<AgentRow | null> {
    const [row] = await selectRows<StoredAgent>(
      manager,
      `SELECT purpose, webhook_url AS webhookUrl, webhook_events AS webhookEvents FROM agent
       WHERE agent_id = ? AND account_id = ?${forUpdate(this.database.dialect)}`,
      [agentId, accountId],
    );
    return row ? agentOf(row) : null;
  }

  async lockConfiguredProviders(manager: EntityManager, accountId: string): Promise<Set<ProviderName>> {
    const rows = await selectRows<{ provider: ProviderName }>(
      manager,
      `SELECT provider FROM provider_account WHERE account_id = ?${forShare(this.database.dialect)}`,
      [accountId],
    );
    return new Set(rows.map(({ provider }) => provider));
  }

  /**
   * Locked in E.164 order, the order of the primary key, so that two batches never wait for each other in a circle;
   * their agents are looked at without a lock.
   */
  async lockNumbers(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
  ): Promise<Map<string, NumberRow>> {
    if (numbers.length === 0) return new Map();
    const rows = await selectRows<Omit<NumberRow, 'isFollowed'> & { readonly isFollowed: 0 | 1 | null }>(
      manager,
      `SELECT ${NUMBER_COLUMNS},
         (SELECT a.webhook_url IS NOT NULL FROM agent a WHERE a.agent_id = phone_number.agent_id) AS isFollowed
       FROM phone_number WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})
       ORDER BY e164${forUpdate(this.database.dialect)}`,
      [accountId, ...numbers],
    );
    return byNumber(rows.map((row) => ({ ...row, isFollowed: Boolean(row.isFollowed) })));
  }

  async numbersOfAgent(manager: EntityManager, accountId: string, agentId: string): Promise<string[]> {
    const rows = await selectRows<{ e164: string }>(
      manager,
      'SELECT e164 FROM phone_number WHERE account_id = ? AND agent_id = ? ORDER BY e164',
      [accountId, agentId],
    );
    return rows.map(({ e164 }) => e164);
  }

  async readNumbers(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
  ): Promise<Map<string, NumberRow>> {
    const rows = await selectRows<NumberRow>(
      manager,
      `SELECT ${NUMBER_COLUMNS} FROM phone_number WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})`,
      [accountId, ...numbers],
    );
    return byNumber(rows);
  }

  /** Adds numbers to the inventory; one that another request added meanwhile is left as it is. */
  async addToInventory(
    manager: EntityManager,
    accountId: string,
    numbers: readonly NewNumber[],
    now: number,
  ): Promise<void> {
    if (numbers.length === 0) return;
    const params = numbers.flatMap(({ e164, provider, country, providerNumberId }): SqlValue[] => [
      accountId,
      e164,
      provider,
      country,
      providerNumberId,
      now,
      now,
    ]);
    const row = `(?, ?, ?, ?, ?, 'inactive', 0, 0, 0, 0, ?, ?)`;
    await affectedRows(
      manager,
      `INSERT INTO phone_number (account_id, e164, provider, country,
         provider_number_id, status, active_calls, route_generation, confirmed_generation, route_attempts,
         created_at, updated_at)
       VALUES ${numbers.map(() => row).join(', ')}${skipTaken(this.database.dialect, 'e164')}`,
      params,
    );
  }

  /** @param routeDueAt when the reconciler takes numbers whose route has to change, unless it has them already */
  async attach(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    numbers: readonly string[],
    { status, reason, attachedAt, raise }: Attachment,
    { now, routeDueAt }: { now: number; routeDueAt: number },
  ): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE phone_number
       SET agent_id = ?, attached_at = COALESCE(?, attached_at), status = ?, reason = ?, updated_at = ?${raise ? `, ${RAISE_ROUTE}` : ''}
       WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})`,
      [agentId, attachedAt, status, reason, now, ...(raise ? [now, routeDueAt] : []), accountId, ...numbers],
    );
  }

  async detach(
    manager: EntityManager,
    accountId: string,
    numbers: readonly string[],
    { raise, now, routeDueAt }: { raise: boolean; now: number; routeDueAt: number },
  ): Promise<void> {
    if (numbers.length === 0) return;
    await affectedRows(
      manager,
      `UPDATE phone_number
       SET agent_id = NULL, attached_at = NULL, status = 'inactive', reason = NULL,
         updated_at = ?${raise ? `, ${RAISE_ROUTE}` : ''}
       WHERE account_id = ? AND e164 IN (${placeholders(numbers.length)})`,
      [now, ...(raise ? [now, routeDueAt] : []), accountId, ...numbers],
    );
  }

  /** What `retryProvider` is going to ask anew that its agent's webhook may want to know of; locked until then. */
  async lockRefused(manager: EntityManager, accountId: string, provider: ProviderName): Promise<NumberRow[]> {
    return selectRows<NumberRow>(
      manager,
      `SELECT ${NUMBER_COLUMNS} FROM phone_number
       WHERE account_id = ? AND provider = ? AND route_generation <> confirmed_generation AND status = 'inactive'
         AND agent_id IN (SELECT agent_id FROM agent WHERE account_id = ? AND webhook_url IS NOT NULL)
       ORDER BY e164${forUpdate(this.database.dialect)}`,
      [accountId, provider, accountId],
    );
  }

  /** Asks anew for what the provider had refused, or could not be told, with credentials that have changed since. */
  async retryProvider(manager: EntityManager, accountId: string, provider: ProviderName, now: number): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE phone_number
       SET reason = CASE WHEN agent_id IS NULL THEN reason ELSE NULL END,
         status = CASE WHEN agent_id IS NULL THEN status ELSE 'pending' END, updated_at = ?, ${RAISE_ROUTE}
       WHERE account_id = ? AND provider = ? AND route_generation <> confirmed_generation`,
      [now, now, now, accountId, provider],
    );
  }
}

function agentOf({ purpose, ...stored }: StoredAgent): AgentRow {
  return { purpose, interest: interestOf(stored) };
}

function byNumber(rows: readonly NumberRow[]): Map<string, NumberRow> {
  return new Map(rows.map((row) => [row.e164, row]));
}
