import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AgentStatus } from '../../agents/agent';
import { selectRows } from '../../database/sql';
import type { ProviderName } from '../../common/provider-name';
import type { CalledNumber } from './called-number';

interface Row {
  readonly e164: string;
  readonly provenAt: number | null;
  readonly agentId: string | null;
  readonly status: AgentStatus;
  readonly connect: unknown;
  readonly fallback: unknown;
  readonly language: string | null;
}

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
      `SELECT n.e164, n.proven_at AS provenAt, a.agent_id AS agentId, a.status, a.connect, a.fallback, a.language
       FROM phone_number n LEFT JOIN agent a ON a.agent_id = n.agent_id
       WHERE n.account_id = ? AND n.e164 = ? AND n.provider = ?`,
      [accountId, e164, provider],
    );
    if (!row) return null;
    const { agentId, status, language, provenAt } = row;
    const agent = agentId === null ? null : { agentId, status, language, ...settingsOf(row) };
    return { e164: row.e164, provenAt, agent };
  }
}

type Settings = Pick<NonNullable<CalledNumber['agent']>, 'connect' | 'fallback'>;

function settingsOf({ connect, fallback }: Row): Settings {
  return { connect: parsed(connect), fallback: parsed(fallback) } as Settings;
}

/** MySQL's driver reads JSON columns, the others hand out their text. */
function parsed(stored: unknown): unknown {
  return typeof stored === 'string' ? (JSON.parse(stored) as unknown) : stored;
}
