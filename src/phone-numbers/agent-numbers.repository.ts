import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { forUpdate, placeholders, selectRows } from '../database/sql';
import type { Purpose } from './phone-number';

/** How many numbers of an agent are listed with it. */
export const LISTED_NUMBERS = 100;

export interface AgentNumbers {
  /** The first hundred in E.164 order. */
  readonly numbers: readonly string[];
  /** Of all that are attached. */
  readonly count: number;
}

/** The numbers attached to agents, for those who show or change agents. */
@Injectable()
export class AgentNumbersRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One statement however many agents; an agent without numbers is not in the map. */
  async ofAgents(
    manager: EntityManager,
    accountId: string,
    agentIds: readonly string[],
  ): Promise<Map<string, AgentNumbers>> {
    if (agentIds.length === 0) return new Map();
    const rows = await selectRows<{ agentId: string; e164: string; total: number | string }>(
      manager,
      `SELECT agent_id AS agentId, e164, total FROM (
         SELECT agent_id, e164, ROW_NUMBER() OVER (PARTITION BY agent_id ORDER BY e164) AS place,
           COUNT(*) OVER (PARTITION BY agent_id) AS total
         FROM phone_number WHERE account_id = ? AND agent_id IN (${placeholders(agentIds.length)})
       ) AS placed WHERE place <= ${LISTED_NUMBERS} ORDER BY agent_id, e164`,
      [accountId, ...agentIds],
    );
    const found = new Map<string, { numbers: string[]; count: number }>();
    for (const { agentId, e164, total } of rows) {
      const agent = found.get(agentId);
      if (agent) agent.numbers.push(e164);
      // MySQL's driver may give a count as text.
      else found.set(agentId, { numbers: [e164], count: Number(total) });
    }
    return found;
  }

  /** The agent's numbers, at most a hundred, whose purpose is the opposite of `purpose`. */
  async withOtherPurpose(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    purpose: Purpose,
  ): Promise<string[]> {
    const rows = await selectRows<{ e164: string }>(
      manager,
      `SELECT e164 FROM phone_number WHERE account_id = ? AND agent_id = ? AND purpose IS NOT NULL AND purpose <> ?
       ORDER BY e164 LIMIT ${LISTED_NUMBERS}${forUpdate(this.database.dialect)}`,
      [accountId, agentId, purpose],
    );
    return rows.map(({ e164 }) => e164);
  }
}
