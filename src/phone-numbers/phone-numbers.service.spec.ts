import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database';
import type { InboundRequestsRepository } from './inbound-requests.repository';
import type { AttachedAgent, PhoneNumberChanges, PhoneNumberFilter, RoutedPhoneNumber } from './phone-number-record';
import type { PhoneNumbersRepository } from './phone-numbers.repository';
import { PhoneNumbersService } from './phone-numbers.service';

const ACCOUNT = 'acct_1';
const NUMBER = '+918062810341';
const AGENT = 'agent_01kawgyqr4e3v9m2t5x8b7c6dn';
const OTHER_AGENT = 'agent_01kawgyqr4e3v9m2t5x8b7c6d1';
const NOW = 2_000;

const manager = {} as EntityManager;

function numberRow(overrides: Partial<RoutedPhoneNumber> = {}): RoutedPhoneNumber {
  return {
    e164: NUMBER,
    provider: 'twilio',
    country: 'IN',
    status: 'inactive',
    reason: null,
    purpose: null,
    label: 'Support',
    agentId: null,
    attachedAt: null,
    maxConcurrentCalls: 5,
    activeCalls: 0,
    createdAt: 1_000,
    updatedAt: 1_000,
    routeGeneration: 0,
    confirmedGeneration: 0,
    routeDueAt: null,
    routeAttempts: 0,
    routeError: null,
    routeConfirmedAt: null,
    routeUrl: null,
    formerRouteSaved: false,
    provenAt: null,
    ...overrides,
  };
}

interface World {
  /** What the lock finds; `seen` is what a plain read found before. */
  readonly row?: RoutedPhoneNumber | null;
  readonly seen?: RoutedPhoneNumber | null;
  readonly agents?: readonly AttachedAgent[];
  readonly isProviderConfigured?: boolean;
}

function agentFor(purpose: AttachedAgent['purpose'], agentId = AGENT): AttachedAgent {
  return { agentId, agentName: 'Reception', status: 'active', purpose };
}

function setUp({ row = numberRow(), seen = row, agents = [], isProviderConfigured = true }: World = {}) {
  const order: string[] = [];
  const repository = {
    insert: jest.fn(() => Promise.resolve()),
    find: jest.fn(() => Promise.resolve(seen)),
    lock: jest.fn(() => {
      order.push('number');
      return Promise.resolve(row);
    }),
    list: jest.fn(
      (
        _manager: EntityManager,
        _account: string,
        _filter: PhoneNumberFilter,
        after: string | undefined,
        limit: number,
      ) =>
        Promise.resolve(
          ['+12025551234', '+442012345678', NUMBER]
            .filter((e164) => after === undefined || e164 > after)
            .slice(0, limit)
            .map((e164) => numberRow({ e164 })),
        ),
    ),
    update: jest.fn(
      (_manager: EntityManager, _account: string, _e164: string, _changes: PhoneNumberChanges, _at: number) =>
        Promise.resolve(),
    ),
    delete: jest.fn(() => Promise.resolve()),
    markProven: jest.fn(() => Promise.resolve()),
    holdAgent: jest.fn((_manager: EntityManager, _account: string, agentId: string) => {
      order.push(agentId);
      return Promise.resolve(agents.find((agent) => agent.agentId === agentId) ?? null);
    }),
    isProviderConfigured: jest.fn(() => Promise.resolve(isProviderConfigured)),
  };
  const requests = { deleteOf: jest.fn(() => Promise.resolve()) };
  const transaction = jest.fn((work: (manager: EntityManager) => Promise<unknown>) => work(manager));
  const service = new PhoneNumbersService(
    { transaction, read: transaction } as unknown as Database,
    { now: () => NOW },
    repository as unknown as PhoneNumbersRepository,
    requests as unknown as InboundRequestsRepository,
  );
  return { service, repository, requests, order };
}

describe('register', () => {
  it('adds an unattached number with its country', async () => {
    const { service, repository } = setUp();
    const expected = {
      phone_number: '+442012345678',
      provider: 'vonage',
      country: 'GB',
      status: 'inactive',
      reason: null,
      purpose: null,
      label: null,
      agent_id: null,
      attached_at: null,
      max_concurrent_calls: null,
      active_calls: 0,
      created_at: '1970-01-01T00:00:02.000Z',
      updated_at: '1970-01-01T00:00:02.000Z',
    };
    expect(await service.register(ACCOUNT, { phone_number: '+442012345678', provider: 'vonage' })).toEqual(expected);
    expect(repository.insert).toHaveBeenCalledTimes(1);
  });

  it('says so when the account has the number already', async () => {
    const { service, repository } = setUp();
    repository.insert.mockRejectedValueOnce(Object.assign(new Error('duplicate'), { code: 'ER_DUP_ENTRY' }));
    await expect(service.register(ACCOUNT, { phone_number: NUMBER, provider: 'san' })).rejects.toMatchObject({
      reason: 'NUMBER_EXISTS',
      status: 409,
      details: [{ field: 'phone_number', value: NUMBER }],
    });
  });

  it('does not take another failure for a duplicate', async () => {
    const { service, repository } = setUp();
    repository.insert.mockRejectedValueOnce(new Error('disk full'));
    await expect(service.register(ACCOUNT, { phone_number: NUMBER, provider: 'san' })).rejects.toThrow('disk full');
  });
});

describe('list', () => {
  it('pages through in E.164 order', async () => {
    const { service } = setUp();
    const one = await service.list(ACCOUNT, { limit: 2 });
    expect(one.items.map(({ phone_number }) => phone_number)).toEqual(['+12025551234', '+442012345678']);
    const two = await service.list(ACCOUNT, { limit: 2, cursor: one.next_cursor ?? '' });
    expect(two.items.map(({ phone_number }) => phone_number)).toEqual([NUMBER]);
    expect(two.next_cursor).toBeNull();
  });

  it('answers an empty page without a query where nothing can match', async () => {
    const { service, repository } = setUp();
    expect(await service.list(ACCOUNT, { limit: 2, agent_id: 'nobody' })).toEqual({ items: [], next_cursor: null });
    expect(repository.list).not.toHaveBeenCalled();
  });
});

describe('get', () => {
  it.each(['918062810341', ' 918062810341', '+91806', 'tel:+918062810341', '+'])('refuses %j', async (value) => {
    const { service, repository } = setUp();
    await expect(service.get(ACCOUNT, value)).rejects.toMatchObject({
      reason: 'INVALID_PHONE_NUMBER_FORMAT',
      status: 400,
      details: [{ field: 'phone_number', value }],
    });
    expect(repository.find).not.toHaveBeenCalled();
  });

  it('does not find what the account has not', async () => {
    const { service } = setUp({ row: null });
    await expect(service.get(ACCOUNT, NUMBER)).rejects.toMatchObject({ reason: 'PHONE_NUMBER_NOT_FOUND', status: 404 });
  });
});

describe('update', () => {
  it('changes what is named, clears with null and keeps the rest', async () => {
    const { service, repository } = setUp();
    const number = await service.update(ACCOUNT, NUMBER, { label: null, max_concurrent_calls: 7 });
    expect(number).toMatchObject({ label: null, max_concurrent_calls: 7, purpose: null });
    expect(number.updated_at).toBe('1970-01-01T00:00:02.000Z');
    expect(repository.update.mock.calls[0]?.slice(3)).toEqual([{ label: null, maxConcurrentCalls: 7 }, NOW]);
  });

  it('writes nothing for an empty request', async () => {
    const { service, repository } = setUp();
    expect(await service.update(ACCOUNT, NUMBER, {})).toMatchObject({ updated_at: '1970-01-01T00:00:01.000Z' });
    expect(repository.update).not.toHaveBeenCalled();
  });

  it("refuses the opposite of the agent's purpose", async () => {
    const row = numberRow({ agentId: AGENT });
    const { service, repository } = setUp({ row, agents: [agentFor('PRODUCTION')] });
    await expect(service.update(ACCOUNT, NUMBER, { purpose: 'TEST' })).rejects.toMatchObject({
      reason: 'PURPOSE_MISMATCH',
      status: 422,
      details: [{ field: 'purpose', value: 'TEST' }],
    });
    expect(repository.update).not.toHaveBeenCalled();
  });

  it.each([
    ['TEST', 'TEST'],
    ['TEST', null],
    [null, 'PRODUCTION'],
  ] as const)('lets %s go with an agent for %s', async (purpose, agentPurpose) => {
    const { service } = setUp({ row: numberRow({ agentId: AGENT }), agents: [agentFor(agentPurpose)] });
    await expect(service.update(ACCOUNT, NUMBER, { purpose })).resolves.toMatchObject({ purpose });
  });

  it('locks the agent before the number, as attach does', async () => {
    const { service, order } = setUp({ row: numberRow({ agentId: AGENT }), agents: [agentFor(null)] });
    await service.update(ACCOUNT, NUMBER, { purpose: 'TEST' });
    expect(order).toEqual([AGENT, 'number']);
  });

  it('goes by the agent that has the number when its row is locked', async () => {
    const agents = [agentFor('TEST'), agentFor('PRODUCTION', OTHER_AGENT)];
    const moved = { seen: numberRow({ agentId: AGENT }), row: numberRow({ agentId: OTHER_AGENT }), agents };
    const attempt = setUp(moved).service.update(ACCOUNT, NUMBER, { purpose: 'TEST' });
    await expect(attempt).rejects.toMatchObject({ reason: 'PURPOSE_MISMATCH' });

    const detached = { seen: numberRow({ agentId: AGENT }), row: numberRow(), agents };
    const other = setUp(detached).service.update(ACCOUNT, NUMBER, { purpose: 'PRODUCTION' });
    await expect(other).resolves.toMatchObject({ purpose: 'PRODUCTION' });
  });

  it('does not find what the account has not', async () => {
    const { service } = setUp({ row: null });
    for (const dto of [{}, { purpose: 'TEST' } as const]) {
      await expect(service.update(ACCOUNT, NUMBER, dto)).rejects.toMatchObject({ reason: 'PHONE_NUMBER_NOT_FOUND' });
    }
  });
});

describe('remove', () => {
  it('forgets the number and its requests', async () => {
    const { service, repository, requests } = setUp();
    expect(await service.remove(ACCOUNT, NUMBER)).toEqual({ phone_number: NUMBER, deleted: true });
    expect(requests.deleteOf).toHaveBeenCalledWith(manager, ACCOUNT, NUMBER);
    expect(repository.delete).toHaveBeenCalledWith(manager, ACCOUNT, NUMBER);
  });

  it('keeps an attached number', async () => {
    const { service, repository } = setUp({ row: numberRow({ agentId: AGENT }) });
    await expect(service.remove(ACCOUNT, NUMBER)).rejects.toMatchObject({ reason: 'NUMBER_ATTACHED', status: 409 });
    expect(repository.delete).not.toHaveBeenCalled();
  });

  it('keeps a number whose former route is still being given back', async () => {
    const row = numberRow({ routeGeneration: 2, confirmedGeneration: 1, routeDueAt: 3_000 });
    const { service, repository } = setUp({ row });
    await expect(service.remove(ACCOUNT, NUMBER)).rejects.toMatchObject({
      reason: 'NUMBER_ATTACHED',
      details: [{ message: expect.stringContaining('given back') as string }],
    });
    expect(repository.delete).not.toHaveBeenCalled();
  });

  it.each([
    ['the route is settled', { routeGeneration: 2, confirmedGeneration: 2 }, true],
    ['the provider has refused for good', { routeGeneration: 2, confirmedGeneration: 1, routeDueAt: null }, true],
    [
      'the provider is not configured any more',
      { routeGeneration: 2, confirmedGeneration: 1, routeDueAt: 3_000 },
      false,
    ],
  ])('deletes a detached number when %s', async (_case, route, isProviderConfigured) => {
    const { service, repository } = setUp({ row: numberRow(route), isProviderConfigured });
    await service.remove(ACCOUNT, NUMBER);
    expect(repository.delete).toHaveBeenCalledTimes(1);
  });

  it('does not find what the account has not', async () => {
    const { service } = setUp({ row: null });
    await expect(service.remove(ACCOUNT, NUMBER)).rejects.toMatchObject({ reason: 'PHONE_NUMBER_NOT_FOUND' });
  });
});
