import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Sealed, SecretBox } from '../common/secret-box';
import type { Database } from '../database/database';
import type { AgentWebhookRepository, StoredWebhook } from './agent-webhook.repository';
import { AgentWebhooks } from './agent-webhooks.service';
import type { AgentsRepository } from './agents.repository';

const NOW = 1_764_000_000_000;
const OURS = new SecretBox([Buffer.alloc(32, 1)]);
const FOREIGN = new SecretBox([Buffer.alloc(32, 2)]);

function stored(agentId: string, sealed: Sealed, former?: { sealed: Sealed; validUntil: number }): StoredWebhook {
  return {
    agentId,
    webhookUrl: 'https://example.com/hook',
    disabledAt: null,
    box: sealed.box,
    keyId: sealed.keyId,
    formerBox: former?.sealed.box ?? null,
    formerKeyId: former?.sealed.keyId ?? null,
    formerValidUntil: former?.validUntil ?? null,
  };
}

function setUp(rows: readonly StoredWebhook[]): AgentWebhooks {
  const read = (work: (manager: EntityManager) => unknown) => Promise.resolve(work({} as EntityManager));
  return new AgentWebhooks(
    { read } as unknown as Database,
    { now: () => NOW },
    OURS,
    { find: () => Promise.resolve(rows) } as unknown as AgentWebhookRepository,
    {} as AgentsRepository,
  );
}

describe('AgentWebhooks', () => {
  const seal = (agentId: string, secret: string, box = OURS) => box.seal(secret, `${agentId}:webhook`);

  it('has both secrets sign until the former one expires', async () => {
    const at = (validUntil: number) =>
      stored('agent_1', seal('agent_1', 'whsec_new'), { sealed: seal('agent_1', 'whsec_old'), validUntil });
    expect(await setUp([at(NOW + 1)]).secretsOf('agent_1')).toEqual(['whsec_new', 'whsec_old']);
    expect(await setUp([at(NOW)]).secretsOf('agent_1')).toEqual(['whsec_new']);
  });

  it('knows nothing of an agent that is not there', async () => {
    expect(await setUp([]).secretsOf('agent_1')).toEqual([]);
  });

  it('lets no secret that does not open stand in the way of other agents', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const webhooks = setUp([
      stored('agent_1', seal('agent_1', 'whsec_one', FOREIGN)),
      // Copied from another agent's row.
      stored('agent_2', seal('agent_1', 'whsec_one')),
      stored('agent_3', seal('agent_3', 'whsec_three')),
    ]);
    const targets = await webhooks.targets(['agent_1', 'agent_2', 'agent_3']);
    expect([...targets].map(([agentId, { secrets }]) => [agentId, secrets])).toEqual([
      ['agent_1', []],
      ['agent_2', []],
      ['agent_3', ['whsec_three']],
    ]);
    expect(error).toHaveBeenCalledTimes(2);
    error.mockRestore();
  });
});
