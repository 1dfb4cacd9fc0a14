import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { jsonValue, selectRows } from '../../database/sql';
import type { ProviderName } from '../../common/provider-name';
import type { CalledAgent, CalledNumber } from './called-number';

interface AgentRow extends Pick<CalledAgent, 'status' | 'language' | 'inboundWebhookUrl'> {
  readonly agentId: string | null;
  readonly connect: string | CalledAgent['connect'];
  readonly fallback: string | CalledAgent['fallback'];
}

type Row = AgentRow & Pick<CalledNumber, 'e164' | 'provenAt' | 'maxConcurrentCalls'>;

const AGENT_COLUMNS = `a.agent_id AS agentId, a.status, a.connect, a.fallback, a.language,
  a.inbound_webhook_url AS inboundWebhookUrl`;

/** What a call needs to know before it is answered, in one read. */
@Injectable()
export class CalledNumberRepository {
  async find(
    manager: EntityManager,
    accountId: string,
    provider: ProviderName,
    e164: string,
  ): Promise<CalledNumber | null> {
    const [row] = await selectRows<Row>(
      manager,
      `SELECT n.e164, n.proven_at AS provenAt, n.max_concurrent_calls AS maxConcurrentCalls, ${AGENT_COLUMNS}
       FROM phone_number n LEFT JOIN agent a ON a.agent_id = n.agent_id
       WHERE n.account_id = ? AND n.e164 = ? AND n.provider = ?`,
      [accountId, e164, provider],
    );
    if (!row) return null;
    const { provenAt, maxConcurrentCalls } = row;
    return { e164: row.e164, provenAt, maxConcurrentCalls, agent: toAgent(row) };
  }

  async findAgent(manager: EntityManager, accountId: string, agentId: string): Promise<CalledAgent | null> {
    const [row] = await selectRows<AgentRow>(
      manager,
      `SELECT ${AGENT_COLUMNS} FROM agent a WHERE a.agent_id = ? AND a.account_id = ?`,
      [agentId, accountId],
    );
    return row ? toAgent(row) : null;
  }
}

function toAgent({ agentId, status, language, inboundWebhookUrl, connect, fallback }: AgentRow): CalledAgent | null {
  if (agentId === null) return null;
  return {
    agentId,
    status,
    language,
    inboundWebhookUrl,
    connect: jsonValue(connect),
    fallback: jsonValue(fallback),
  };
}
