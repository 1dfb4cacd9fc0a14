import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '../common/secret-box';
import { Database } from '../database/database';
import { affectedRows, forUpdate, placeholders, selectRows, skipTaken } from '../database/sql';

/** An agent's URL with the secrets that go with it; these are `null` for an agent that has none yet. Times in Unix milliseconds. */
export interface StoredWebhook {
  readonly agentId: string;
  readonly webhookUrl: string | null;
  readonly disabledAt: number | null;
  readonly box: string | null;
  readonly keyId: string | null;
  readonly formerBox: string | null;
  readonly formerKeyId: string | null;
  readonly formerValidUntil: number | null;
}

@Injectable()
export class AgentWebhookRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One statement; agents that do not exist are left out. */
  find(manager: EntityManager, agentIds: readonly string[]): Promise<StoredWebhook[]> {
    return selectRows<StoredWebhook>(
      manager,
      `SELECT a.agent_id AS agentId, a.webhook_url AS webhookUrl, w.disabled_at AS disabledAt, w.sealed_secret AS box,
         w.secrets_key_id AS keyId, w.former_sealed_secret AS formerBox, w.former_secrets_key_id AS formerKeyId,
         w.former_valid_until AS formerValidUntil
       FROM agent a LEFT JOIN agent_webhook w ON w.agent_id = a.agent_id
       WHERE a.agent_id IN (${placeholders(agentIds.length)})`,
      agentIds,
    );
  }

  /** Gives an agent its first secret, unless somebody else has done so meanwhile. */
  async insert(manager: EntityManager, agentId: string, { box, keyId }: Sealed, now: number): Promise<void> {
    await affectedRows(
      manager,
      `INSERT INTO agent_webhook (agent_id, sealed_secret, secrets_key_id, updated_at) VALUES (?, ?, ?, ?)
       ${skipTaken(this.database.dialect, 'agent_id')}`,
      [agentId, box, keyId, now],
    );
  }

  /** Reads the sealed secret and locks the row until the end of the transaction. */
  async lock(manager: EntityManager, agentId: string): Promise<Sealed | null> {
    const [row] = await selectRows<Sealed>(
      manager,
      `SELECT sealed_secret AS box, secrets_key_id AS keyId FROM agent_webhook WHERE agent_id = ?
       ${forUpdate(this.database.dialect)}`,
      [agentId],
    );
    return row ?? null;
  }

  /** Puts a new secret in place of the current one, which stays good until `formerValidUntil`. */
  async replace(
    manager: EntityManager,
    agentId: string,
    { fresh, former, formerValidUntil, now }: { fresh: Sealed; former: Sealed; formerValidUntil: number; now: number },
  ): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE agent_webhook SET sealed_secret = ?, secrets_key_id = ?, former_sealed_secret = ?,
         former_secrets_key_id = ?, former_valid_until = ?, updated_at = ? WHERE agent_id = ?`,
      [fresh.box, fresh.keyId, former.box, former.keyId, formerValidUntil, now, agentId],
    );
  }

  /** Sends to the agent again, and at once: what failed until now was perhaps another URL's fault. */
  async enable(manager: EntityManager, agentId: string, now: number): Promise<void> {
    await affectedRows(
      manager,
      'UPDATE agent_webhook SET disabled_at = NULL, updated_at = ? WHERE agent_id = ? AND disabled_at IS NOT NULL',
      [now, agentId],
    );
    await affectedRows(manager, 'UPDATE webhook_lane SET held_until = NULL, failures = 0 WHERE agent_id = ?', [
      agentId,
    ]);
  }

  /** Sends nothing more to the agent, as long as its URL is still the one that has answered so. */
  async disable(manager: EntityManager, agentId: string, url: string, now: number): Promise<void> {
    await affectedRows(
      manager,
      `UPDATE agent_webhook SET disabled_at = ?, updated_at = ? WHERE agent_id = ? AND disabled_at IS NULL
         AND EXISTS (SELECT 1 FROM agent a WHERE a.agent_id = ? AND a.webhook_url = ?)`,
      [now, now, agentId, agentId, url],
    );
  }
}
