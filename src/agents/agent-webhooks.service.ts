import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CLOCK, type Clock } from '../common/clock';
import { type Sealed, SecretBox } from '../common/secret-box';
import { Database } from '../database/database';
import { agentNotFound, readAgentId } from './agent-id';
import { newWebhookSecret, type RotatedSecret, type WebhookTarget } from './agent-webhook';
import { AgentWebhookRepository, type StoredWebhook } from './agent-webhook.repository';
import { AgentsRepository } from './agents.repository';

/** The secrets that agents' webhooks are signed with, and whether anything is sent to them. */
@Injectable()
export class AgentWebhooks {
  private readonly logger = new Logger(AgentWebhooks.name);

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly secrets: SecretBox,
    private readonly webhooks: AgentWebhookRepository,
    private readonly agents: AgentsRepository,
  ) {}

  /** Stores the secret of an agent that is being made. */
  async add(manager: EntityManager, agentId: string, secret: string): Promise<void> {
    await this.webhooks.insert(manager, agentId, this.seal(agentId, secret), this.clock.now());
  }

  /**
   * Makes a new secret. The one before it signs too for the time of the overlap; one before that does not any more.
   * @throws AppError `AGENT_NOT_FOUND`
   */
  async rotate(accountId: string, agentId: string, overlapMs: number): Promise<RotatedSecret> {
    readAgentId(agentId);
    const secret = newWebhookSecret();
    const fresh = this.seal(agentId, secret);
    const now = this.clock.now();
    const formerValidUntil = now + overlapMs;
    await this.database.transaction(async (manager) => {
      if (!(await this.agents.lock(manager, accountId, agentId))) agentNotFound(agentId);
      const former = await this.webhooks.lock(manager, agentId);
      if (former) await this.webhooks.replace(manager, agentId, { fresh, former, formerValidUntil, now });
      else await this.webhooks.insert(manager, agentId, fresh, now);
    });
    return { secret, formerValidUntil };
  }

  /**
   * Where the events of these agents go, by agent; those that do not exist are left out. Agents that are older than their
   * secrets are given one.
   */
  async targets(agentIds: readonly string[]): Promise<Map<string, WebhookTarget>> {
    if (agentIds.length === 0) return new Map();
    const rows = await this.database.read((manager) => this.webhooks.find(manager, agentIds));
    const without = rows.filter(({ box }) => box === null).map(({ agentId }) => agentId);
    const made = without.length === 0 ? [] : await this.addMissing(without);
    const all = [...rows.filter(({ box }) => box !== null), ...made];
    return new Map(all.map((row) => [row.agentId, this.toTarget(row)]));
  }

  /** What signs requests to this agent's server; none for an agent that does not exist. */
  async secretsOf(agentId: string): Promise<readonly string[]> {
    return (await this.targets([agentId])).get(agentId)?.secrets ?? [];
  }

  enable(manager: EntityManager, agentId: string): Promise<void> {
    return this.webhooks.enable(manager, agentId, this.clock.now());
  }

  /** @param url the one that has answered that it is gone */
  disable(manager: EntityManager, agentId: string, url: string): Promise<void> {
    return this.webhooks.disable(manager, agentId, url, this.clock.now());
  }

  private addMissing(agentIds: readonly string[]): Promise<StoredWebhook[]> {
    return this.database.transaction(async (manager) => {
      // Agents that were deleted meanwhile are not there to refer to.
      for (const { agentId } of await this.webhooks.find(manager, agentIds)) {
        await this.add(manager, agentId, newWebhookSecret());
      }
      return this.webhooks.find(manager, agentIds);
    });
  }

  private toTarget({ agentId, webhookUrl, disabledAt, ...sealed }: StoredWebhook): WebhookTarget {
    const { box, keyId, formerBox, formerKeyId, formerValidUntil } = sealed;
    const isFormerGood = formerValidUntil !== null && formerValidUntil > this.clock.now();
    const boxes = [{ box, keyId }, ...(isFormerGood ? [{ box: formerBox, keyId: formerKeyId }] : [])];
    return {
      url: webhookUrl,
      isDisabled: disabledAt !== null,
      secrets: boxes.flatMap((one) =>
        one.box && one.keyId ? this.open(agentId, { box: one.box, keyId: one.keyId }) : [],
      ),
    };
  }

  private seal(agentId: string, secret: string): Sealed {
    return this.secrets.seal(secret, context(agentId));
  }

  /** None where the key that sealed it is not configured any more: that concerns one agent, and others must not wait for it. */
  private open(agentId: string, sealed: Sealed): string[] {
    try {
      return [this.secrets.open(sealed, context(agentId))];
    } catch (error) {
      this.logger.error({ err: error, agent_id: agentId }, 'The secret of a webhook cannot be opened');
      return [];
    }
  }
}

function context(agentId: string): string {
  return `${agentId}:webhook`;
}
