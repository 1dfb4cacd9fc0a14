import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database';
import { affectedRows, forUpdate, placeholders, selectRows, type SqlValue } from '../database/sql';
import type { Agent, AgentChanges } from './agent';

type Stored = Omit<Agent, JsonMember> & Record<JsonMember, unknown>;

const JSON_MEMBERS = [
  'connect',
  'fallback',
  'webhookEvents',
  'voice',
  'speechToText',
  'llm',
  'configurations',
] as const satisfies readonly (keyof Agent)[];
type JsonMember = (typeof JSON_MEMBERS)[number];

const COLUMNS = {
  agentId: 'agent_id',
  agentName: 'agent_name',
  description: 'description',
  status: 'status',
  purpose: 'purpose',
  prompt: 'prompt',
  greeting: 'greeting',
  timezone: 'timezone',
  language: 'language',
  connect: 'connect',
  fallback: 'fallback',
  webhookUrl: 'webhook_url',
  webhookEvents: 'webhook_events',
  voice: 'voice',
  speechToText: 'speech_to_text',
  llm: 'llm',
  configurations: 'configurations',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const satisfies Record<keyof Agent, string>;

const MEMBERS = Object.keys(COLUMNS) as (keyof Agent)[];

const SELECT = `SELECT ${MEMBERS.map((member) => `${COLUMNS[member]} AS ${member}`).join(', ')} FROM agent`;

@Injectable()
export class AgentsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async insert(manager: EntityManager, accountId: string, agent: Agent): Promise<void> {
    await affectedRows(
      manager,
      `INSERT INTO agent (account_id, ${MEMBERS.map((member) => COLUMNS[member]).join(', ')})
       VALUES (${placeholders(MEMBERS.length + 1)})`,
      [accountId, ...MEMBERS.map((member) => toSql(agent[member]))],
    );
  }

  async find(manager: EntityManager, accountId: string, agentId: string): Promise<Agent | null> {
    const [row] = await selectRows<Stored>(manager, `${SELECT} WHERE agent_id = ? AND account_id = ?`, [
      agentId,
      accountId,
    ]);
    return row ? toAgent(row) : null;
  }

  /** Reads the agent and locks its row until the end of the transaction; the first lock of all, before numbers'. */
  async lock(manager: EntityManager, accountId: string, agentId: string): Promise<Agent | null> {
    const [row] = await selectRows<Stored>(
      manager,
      `${SELECT} WHERE agent_id = ? AND account_id = ?${forUpdate(this.database.dialect)}`,
      [agentId, accountId],
    );
    return row ? toAgent(row) : null;
  }

  /** One page, newest first, of those older than `before`. */
  async list(manager: EntityManager, accountId: string, before: string | undefined, limit: number): Promise<Agent[]> {
    const rows = await selectRows<Stored>(
      manager,
      `${SELECT} WHERE account_id = ?${before === undefined ? '' : ' AND agent_id < ?'}
       ORDER BY agent_id DESC LIMIT ?`,
      before === undefined ? [accountId, limit] : [accountId, before, limit],
    );
    return rows.map(toAgent);
  }

  async update(
    manager: EntityManager,
    accountId: string,
    agentId: string,
    changes: AgentChanges,
    updatedAt: number,
  ): Promise<void> {
    const set = { ...changes, updatedAt };
    const members = MEMBERS.filter((member) => member in set) as (keyof typeof set)[];
    await affectedRows(
      manager,
      `UPDATE agent SET ${members.map((member) => `${COLUMNS[member]} = ?`).join(', ')}
       WHERE agent_id = ? AND account_id = ?`,
      [...members.map((member) => toSql(set[member])), agentId, accountId],
    );
  }

  /** @throws a foreign key violation (`isForeignKeyViolation`) while numbers are attached to the agent */
  async delete(manager: EntityManager, accountId: string, agentId: string): Promise<void> {
    await affectedRows(manager, 'DELETE FROM agent WHERE agent_id = ? AND account_id = ?', [agentId, accountId]);
  }
}

function toSql(value: Agent[keyof Agent] | undefined): SqlValue {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** JSON comes back parsed from MySQL, as text from MariaDB and SQLite; a JSON text itself is never stored. */
function toAgent(row: Stored): Agent {
  const agent: Record<string, unknown> = { ...row };
  for (const member of JSON_MEMBERS) {
    const value = row[member];
    agent[member] = typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
  }
  return agent as unknown as Agent;
}
