import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, LessThan, type QueryDeepPartialEntity } from 'typeorm';
import { Database } from '../database/database';
import type { Agent, AgentChanges } from './agent';
import { AgentEntity } from './agent.entity';

@Injectable()
export class AgentsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async insert(manager: EntityManager, accountId: string, agent: Agent): Promise<void> {
    await manager.insert(AgentEntity, columns({ ...agent, accountId }));
  }

  find(manager: EntityManager, accountId: string, agentId: string): Promise<Agent | null> {
    return manager.findOneBy(AgentEntity, { agentId, accountId });
  }

  /** Reads the agent and locks its row until the end of the transaction; the first lock of all, before numbers'. */
  lock(manager: EntityManager, accountId: string, agentId: string): Promise<Agent | null> {
    const lock = this.database.dialect === 'mysql' ? { mode: 'pessimistic_write' as const } : undefined;
    return manager.findOne(AgentEntity, { where: { agentId, accountId }, lock });
  }

  /** One page, newest first, of those older than `before`. */
  list(manager: EntityManager, accountId: string, before: string | undefined, limit: number): Promise<Agent[]> {
    return manager.find(AgentEntity, {
      where: { accountId, ...(before === undefined ? {} : { agentId: LessThan(before) }) },
      order: { agentId: 'DESC' },
      take: limit,
    });
  }

  async update(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    changes: AgentChanges,
    updatedAt: number,
  ): Promise<void> {
    await manager.update(AgentEntity, { agentId, accountId }, columns({ ...changes, updatedAt }));
  }

  /** @throws a foreign key violation (`isForeignKeyViolation`) while numbers are attached to the agent */
  async delete(manager: EntityManager, accountId: string, agentId: string): Promise<void> {
    await manager.delete(AgentEntity, { agentId, accountId });
  }
}

/** TypeORM's type of what may be written knows no JSON whose members are not known beforehand. */
function columns(values: Partial<Agent> & { readonly accountId?: string }): QueryDeepPartialEntity<AgentEntity> {
  return values as QueryDeepPartialEntity<AgentEntity>;
}
