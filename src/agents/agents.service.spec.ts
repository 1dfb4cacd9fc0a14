import type { EntityManager } from 'typeorm';
import type { AttachmentsService, ReplaceCommand } from '../attachments/attachments.service';
import type { Config } from '../config/config';
import type { Database } from '../database/database';
import type { Principal } from '../http/principal';
import type { AgentNumbers, AgentNumbersRepository } from '../phone-numbers/agent-numbers.repository';
import type { Agent, AgentChanges } from './agent';
import { blankAgent } from './agent-changes';
import type { AgentWebhooks } from './agent-webhooks.service';
import type { AgentsRepository } from './agents.repository';
import { AgentsService } from './agents.service';

const ACCOUNT = 'acct_01kawgyqr4e3v9m2t5x8b7c6dn';
const CALLER: Principal = { accountId: ACCOUNT, tokenId: 'tok_1', scopes: ['*'] };
const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((digit) => `agent_01kawgyqr4e3v9m2t5x8b7c6d${digit}`) as [
  string,
  string,
  string,
];
const UNKNOWN = 'agent_01kawgyqr4e3v9m2t5x8b7c6dz';
const MADE = 1_000;
const NOW = 2_000;

const manager = {} as EntityManager;

interface World {
  readonly agents?: readonly string[];
  /** Numbers by agent. */
  readonly attached?: Readonly<Record<string, readonly string[]>>;
  /** Numbers of any agent that are for another purpose. */
  readonly otherPurpose?: readonly string[];
}

/** The service over a table in memory. */
function setUp({ agents = [FIRST], attached = {}, otherPurpose = [] }: World = {}) {
  const rows = new Map<string, Agent>(agents.map((id) => [id, blankAgent(id, 'Reception', MADE)]));
  const findRow = (_manager: EntityManager, accountId: string, agentId: string) =>
    Promise.resolve((accountId === ACCOUNT && rows.get(agentId)) || null);
  const repository = {
    find: jest.fn(findRow),
    lock: jest.fn(findRow),
    insert: jest.fn((_manager: EntityManager, _accountId: string, agent: Agent) => {
      rows.set(agent.agentId, agent);
      return Promise.resolve();
    }),
    list: jest.fn((_manager: EntityManager, _accountId: string, before: string | undefined, limit: number) => {
      const ids = [...rows.keys()].sort().reverse();
      const page = ids.filter((id) => before === undefined || id < before).slice(0, limit);
      return Promise.resolve(page.flatMap((id) => rows.get(id) ?? []));
    }),
    update: jest.fn((_manager: EntityManager, _accountId: string, id: string, changes: AgentChanges, at: number) => {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, ...changes, updatedAt: at });
      return Promise.resolve();
    }),
    delete: jest.fn((_manager: EntityManager, _accountId: string, id: string) => {
      rows.delete(id);
      return Promise.resolve();
    }),
  };
  const numbers = {
    ofAgents: jest.fn((_manager: EntityManager, _accountId: string, ids: readonly string[]) => {
      const found = ids.flatMap((id): [string, AgentNumbers][] => {
        const held = attached[id];
        return held ? [[id, { numbers: held, count: held.length }]] : [];
      });
      return Promise.resolve(new Map(found));
    }),
    withOtherPurpose: jest.fn(() => Promise.resolve(otherPurpose)),
  };
  const transaction = jest.fn((work: (manager: EntityManager) => Promise<unknown>) => work(manager));
  const attachments = {
    replaceSet: jest.fn(async (_command: ReplaceCommand, also: (manager: EntityManager) => Promise<void>) =>
      also(manager),
    ),
    releaseAll: jest.fn(async (_command: object, also: (manager: EntityManager) => Promise<void>) => also(manager)),
  };
  const webhooks = { add: jest.fn(() => Promise.resolve()), enable: jest.fn(() => Promise.resolve()) };
  const service = new AgentsService(
    { transaction, read: transaction } as unknown as Database,
    { allowPrivateUrls: false } as Config,
    { now: () => NOW },
    repository as unknown as AgentsRepository,
    numbers as unknown as AgentNumbersRepository,
    attachments as unknown as AttachmentsService,
    webhooks as unknown as AgentWebhooks,
  );
  return { service, rows, repository, numbers, attachments, webhooks, transaction };
}

describe('create', () => {
  it('makes an active agent with nothing but its name', async () => {
    const { service, rows } = setUp({ agents: [] });
    const agent = await service.create(ACCOUNT, { agent_name: 'Support' });
    expect(agent.agent_id).toMatch(/^agent_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(agent).toMatchObject({
      agent_name: 'Support',
      status: 'active',
      purpose: null,
      connect: null,
      configurations: null,
      phone_numbers: [],
      phone_number_count: 0,
      created_at: '1970-01-01T00:00:02.000Z',
      updated_at: '1970-01-01T00:00:02.000Z',
    });
    expect([...rows.keys()]).toEqual([agent.agent_id]);
  });

  it('makes the secret of its webhooks, of 32 random bytes, and shows it', async () => {
    const { service, webhooks } = setUp({ agents: [] });
    const one = await service.create(ACCOUNT, { agent_name: 'Support' });
    const two = await service.create(ACCOUNT, { agent_name: 'Support' });
    expect(one.webhook_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(two.webhook_secret).not.toBe(one.webhook_secret);
    expect(webhooks.add).toHaveBeenNthCalledWith(1, manager, one.agent_id, one.webhook_secret);
    expect(await service.get(ACCOUNT, one.agent_id)).not.toHaveProperty('webhook_secret');
  });

  it('stores nothing of what breaks a rule', async () => {
    const { service, repository } = setUp();
    const large = { text: 'x'.repeat(65_536) };
    const faults = [
      { webhook_url: 'http://example.com' },
      { llm: large },
      { connect: { type: 'sip', url: 'x' } as const },
    ];
    for (const fault of faults) {
      const attempt = service.create(ACCOUNT, { agent_name: 'Support', ...fault });
      await expect(attempt).rejects.toMatchObject({ reason: 'VALIDATION_FAILED' });
    }
    expect(repository.insert).not.toHaveBeenCalled();
  });
});

describe('list', () => {
  it('pages through all agents, newest first', async () => {
    const { service, numbers } = setUp({ agents: [FIRST, SECOND, THIRD], attached: { [SECOND]: ['+12025551234'] } });
    const one = await service.list(ACCOUNT, { limit: 2 });
    expect(one.items.map(({ agent_id, phone_numbers }) => [agent_id, phone_numbers])).toEqual([
      [THIRD, []],
      [SECOND, ['+12025551234']],
    ]);
    const two = await service.list(ACCOUNT, { limit: 2, cursor: one.next_cursor ?? '' });
    expect(two.items.map(({ agent_id }) => agent_id)).toEqual([FIRST]);
    expect(two.next_cursor).toBeNull();
    // One statement for the numbers of a whole page.
    expect(numbers.ofAgents).toHaveBeenCalledTimes(2);
  });

  it('refuses a cursor whose key is no agent id', async () => {
    const { service, repository } = setUp();
    const cursor = Buffer.from(JSON.stringify(['agent', "é' OR 1"])).toString('base64url');
    await expect(service.list(ACCOUNT, { limit: 20, cursor })).rejects.toMatchObject({
      reason: 'VALIDATION_FAILED',
      details: [{ field: 'cursor' }],
    });
    expect(repository.list).not.toHaveBeenCalled();
  });
});

describe('get', () => {
  it('does not query for what cannot be an agent id', async () => {
    const { service, repository } = setUp();
    await expect(service.get(ACCOUNT, 'AGENT_1')).rejects.toMatchObject({ reason: 'AGENT_NOT_FOUND' });
    expect(repository.find).not.toHaveBeenCalled();
  });

  it("does not find another account's agent", async () => {
    const { service } = setUp();
    await expect(service.get('acct_other', FIRST)).rejects.toMatchObject({ reason: 'AGENT_NOT_FOUND', status: 404 });
  });
});

describe('update', () => {
  it('sends to a URL again that is named, and only then', async () => {
    const { service, webhooks } = setUp();
    await service.update(CALLER, FIRST, { greeting: 'Hello' });
    await service.update(CALLER, FIRST, { webhook_url: null });
    expect(webhooks.enable).not.toHaveBeenCalled();
    await service.update(CALLER, FIRST, { webhook_url: 'https://example.com/hook' });
    expect(webhooks.enable).toHaveBeenCalledWith(manager, FIRST);
  });

  it('changes what is named and keeps the rest', async () => {
    const { service, rows } = setUp();
    const agent = await service.update(CALLER, FIRST, { prompt: 'Be brief.', status: 'inactive' });
    expect(agent).toMatchObject({ agent_name: 'Reception', prompt: 'Be brief.', status: 'inactive' });
    expect(agent.updated_at).toBe('1970-01-01T00:00:02.000Z');
    expect(agent.created_at).toBe('1970-01-01T00:00:01.000Z');
    expect(rows.get(FIRST)).toMatchObject({ prompt: 'Be brief.', status: 'inactive', updatedAt: NOW });
  });

  it('clears with null', async () => {
    const { service, rows } = setUp();
    await service.update(CALLER, FIRST, { prompt: 'Be brief.', voice: { name: 'aria' } });
    await service.update(CALLER, FIRST, { prompt: null, voice: null });
    expect(rows.get(FIRST)).toMatchObject({ prompt: null, voice: null });
  });

  it('writes nothing for an empty request', async () => {
    const { service, repository } = setUp();
    expect(await service.update(CALLER, FIRST, {})).toMatchObject({ updated_at: '1970-01-01T00:00:01.000Z' });
    expect(repository.update).not.toHaveBeenCalled();
  });

  it('runs in one transaction, on the locked row', async () => {
    const { service, repository, transaction } = setUp();
    await service.update(CALLER, FIRST, { prompt: 'Be brief.' });
    expect(transaction).toHaveBeenCalledTimes(1);
    expect(repository.lock).toHaveBeenCalledTimes(1);
  });

  it('counts the settings that the agent has already', async () => {
    const { service, rows } = setUp();
    await service.update(CALLER, FIRST, { voice: { text: 'x'.repeat(40_000) } });
    const attempt = service.update(CALLER, FIRST, { llm: { text: 'x'.repeat(40_000) } });
    await expect(attempt).rejects.toMatchObject({ reason: 'VALIDATION_FAILED', details: [{ field: 'llm' }] });
    expect(rows.get(FIRST)?.llm).toBeNull();
    await service.update(CALLER, FIRST, { llm: { text: 'x'.repeat(40_000) }, voice: null });
    expect(rows.get(FIRST)).toMatchObject({ voice: null, llm: { text: 'x'.repeat(40_000) } });
  });

  it('refuses a purpose that attached numbers do not have, and names them', async () => {
    const { service, rows } = setUp({ otherPurpose: ['+12025551234'] });
    await expect(service.update(CALLER, FIRST, { purpose: 'TEST' })).rejects.toMatchObject({
      reason: 'PURPOSE_MISMATCH',
      details: [{ field: 'purpose', value: '+12025551234' }],
    });
    expect(rows.get(FIRST)?.purpose).toBeNull();
    // No purpose goes with every number.
    await expect(service.update(CALLER, FIRST, { purpose: null })).resolves.toMatchObject({ purpose: null });
  });

  it('hands numbers to the attachments, with the new purpose, and changes the rest with them', async () => {
    const { service, attachments, numbers, rows } = setUp({ otherPurpose: ['+12025551234'] });
    const dto = {
      agent_name: 'Night desk',
      purpose: 'TEST',
      phone_numbers: ['+14165551234'],
      provider: 'san',
    } as const;
    await service.update(CALLER, FIRST, { ...dto, phone_numbers: [...dto.phone_numbers] });
    expect(attachments.replaceSet.mock.calls[0]?.[0]).toEqual({
      accountId: ACCOUNT,
      agentId: FIRST,
      numbers: ['+14165551234'],
      provider: 'san',
      purpose: 'TEST',
    });
    // The numbers that it had, and that this takes from it, do not matter any more.
    expect(numbers.withOtherPurpose).not.toHaveBeenCalled();
    expect(rows.get(FIRST)).toMatchObject({ agentName: 'Night desk', purpose: 'TEST' });
  });

  it('changes numbers only for a caller who may attach', async () => {
    const { service, attachments } = setUp();
    const caller = { ...CALLER, scopes: ['agents:write'] };
    await expect(service.update(caller, FIRST, { phone_numbers: [] })).rejects.toMatchObject({
      reason: 'FORBIDDEN',
      message: 'Token lacks the scope numbers:write',
    });
    expect(attachments.replaceSet).not.toHaveBeenCalled();
    await expect(service.update(caller, FIRST, { prompt: 'Hi' })).resolves.toMatchObject({ prompt: 'Hi' });
  });

  it('does not find an agent that is not there', async () => {
    const { service } = setUp();
    await expect(service.update(CALLER, UNKNOWN, {})).rejects.toMatchObject({ reason: 'AGENT_NOT_FOUND' });
  });
});

describe('remove', () => {
  it('deletes an agent without numbers', async () => {
    const { service, rows } = setUp();
    expect(await service.remove(CALLER, FIRST, false)).toEqual({ agent_id: FIRST, deleted: true });
    expect(rows.size).toBe(0);
  });

  it('keeps one that has numbers, and names them', async () => {
    const { service, rows } = setUp({ attached: { [FIRST]: ['+12025551234', '+14165551234'] } });
    await expect(service.remove(CALLER, FIRST, false)).rejects.toMatchObject({
      reason: 'AGENT_HAS_PHONE_NUMBERS',
      status: 409,
      details: [{ value: '+12025551234' }, { value: '+14165551234' }],
    });
    expect(rows.size).toBe(1);
  });

  it('detaches first when asked to, in the same transaction', async () => {
    const { service, attachments, rows } = setUp({ attached: { [FIRST]: ['+12025551234'] } });
    await service.remove(CALLER, FIRST, true);
    expect(attachments.releaseAll.mock.calls[0]?.[0]).toEqual({ accountId: ACCOUNT, agentId: FIRST });
    expect(rows.size).toBe(0);
  });

  it('takes a number that was attached meanwhile for what it is', async () => {
    const { service, repository } = setUp();
    repository.delete.mockRejectedValueOnce(Object.assign(new Error('refused'), { code: 'ER_ROW_IS_REFERENCED_2' }));
    await expect(service.remove(CALLER, FIRST, false)).rejects.toMatchObject({ reason: 'AGENT_HAS_PHONE_NUMBERS' });
    repository.delete.mockRejectedValueOnce(new Error('broken'));
    await expect(service.remove(CALLER, FIRST, false)).rejects.toThrow('broken');
  });

  it('detaches only for a caller who may', async () => {
    const { service, rows } = setUp();
    const caller = { ...CALLER, scopes: ['agents:write'] };
    await expect(service.remove(caller, FIRST, true)).rejects.toMatchObject({ reason: 'FORBIDDEN' });
    expect(rows.size).toBe(1);
  });

  it('does not find an agent that is not there', async () => {
    const { service } = setUp();
    await expect(service.remove(CALLER, UNKNOWN, false)).rejects.toMatchObject({ reason: 'AGENT_NOT_FOUND' });
  });
});
