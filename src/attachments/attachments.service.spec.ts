import { Logger } from '@nestjs/common';
import { affectedRows, selectRows } from '../database/sql';
import { ProviderError } from '../providers/contract/provider-error';
import {
  ACCOUNT,
  AGENT,
  Gate,
  openWorld,
  OTHER_AGENT,
  OUR_URL,
  rejectionOf,
  someNumbers,
  START,
  until,
  type World,
} from './attachments.fixture';
import type { AttachCommand } from './attachments.service';

const [ONE = '', TWO = '', THREE = ''] = someNumbers(3);
const SAN_NUMBER = '+918062810341';
const nothing = () => Promise.resolve();

describe('AttachmentsService', () => {
  let world: World;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  beforeEach(async () => {
    world = await openWorld({ inlineMs: 1_000 });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  const attach = (numbers: readonly string[], command: Partial<AttachCommand> = {}) =>
    world.service.attach({
      accountId: ACCOUNT,
      agentId: AGENT,
      provider: 'twilio',
      numbers,
      reassign: false,
      dryRun: false,
      ...command,
    });
  const detach = (numbers: readonly string[], { agentId = AGENT, dryRun = false } = {}) =>
    world.service.detach({ accountId: ACCOUNT, agentId, numbers, dryRun });
  const agentsOf = async (...numbers: string[]) =>
    Promise.all(numbers.map(async (e164) => (await world.number(e164)).agentId));

  async function own(...numbers: string[]): Promise<void> {
    world.twilio.hold(numbers);
    for (const e164 of numbers) await world.addNumber(e164);
  }

  function countStatements(): string[] {
    const statements: string[] = [];
    const runner = world.database.dataSource.createQueryRunner();
    const query = runner.query.bind(runner);
    jest.spyOn(runner, 'query').mockImplementation((sql: string, ...rest: unknown[]) => {
      statements.push(sql);
      return (query as (...all: unknown[]) => Promise<never>)(sql, ...rest);
    });
    return statements;
  }

  describe('attach', () => {
    it('answers what it has committed when the database fails afterwards', async () => {
      await own(ONE);
      const { transaction } = world.database;
      jest.spyOn(world.database, 'read').mockRejectedValue(new Error('connect ECONNREFUSED'));
      jest
        .spyOn(world.database, 'transaction')
        .mockImplementationOnce((work) => transaction.call(world.database, work))
        .mockRejectedValue(new Error('connect ECONNREFUSED'));
      const { numbers } = await attach([ONE]);
      jest.restoreAllMocks();
      expect(numbers).toEqual([{ phoneNumber: ONE, status: 'pending', reason: null, attachedAt: START }]);
      expect(await agentsOf(ONE)).toEqual([AGENT]);
    });

    it('answers its own attach of a number that has been moved on while the provider was told', async () => {
      await own(ONE);
      let isFirst = true;
      world.twilio.before = async ({ method }) => {
        if (method !== 'route' || !isFirst) return;
        isFirst = false;
        world.clock.advance(5);
        await attach([ONE], { agentId: OTHER_AGENT, reassign: true });
      };
      const { numbers } = await attach([ONE]);
      expect(numbers).toEqual([{ phoneNumber: ONE, status: 'pending', reason: null, attachedAt: START }]);
      expect(await agentsOf(ONE)).toEqual([OTHER_AGENT]);
    });

    it('attaches, tells the provider and answers active', async () => {
      await own(ONE, TWO);
      await expect(attach([TWO, ONE])).resolves.toEqual({
        agentId: AGENT,
        provider: 'twilio',
        numbers: [
          { phoneNumber: TWO, status: 'active', reason: null, attachedAt: START },
          { phoneNumber: ONE, status: 'active', reason: null, attachedAt: START },
        ],
      });
      expect([world.twilio.urlOf(ONE), world.twilio.urlOf(TWO)]).toEqual([OUR_URL, OUR_URL]);
      expect(await world.number(ONE)).toMatchObject({
        agentId: AGENT,
        attachedAt: START,
        status: 'active',
        generation: 1,
        confirmed: 1,
        dueAt: null,
        claim: null,
        routeUrl: OUR_URL,
        formerRoute: '{"url":null}',
        providerNumberId: `PN${ONE.slice(1)}`,
      });
    });

    it('counts duplicates once, in first-seen order', async () => {
      await own(ONE, TWO);
      const { numbers } = await attach([TWO, ONE, TWO, TWO]);
      expect(numbers.map(({ phoneNumber }) => phoneNumber)).toEqual([TWO, ONE]);
      await own(THREE);
      await attach([THREE], { agentId: OTHER_AGENT });
      expect(await rejectionOf(attach([ONE, THREE, THREE]))).toMatchObject({ details: [{ field: 'numbers[1]' }] });
    });

    it('attaches more numbers than it tells at once', async () => {
      const numbers = someNumbers(100);
      await own(...numbers);
      const result = await attach(numbers);
      expect(result.numbers.filter(({ status }) => status === 'active')).toHaveLength(100);
      expect(numbers.filter((e164) => world.twilio.urlOf(e164) !== OUR_URL)).toEqual([]);
    });

    it('changes nothing where the agent has the number already', async () => {
      await own(ONE);
      await attach([ONE]);
      const before = await world.number(ONE);
      world.twilio.calls.length = 0;
      world.clock.advance(60_000);
      const { numbers } = await attach([ONE]);
      expect(numbers).toEqual([{ phoneNumber: ONE, status: 'active', reason: null, attachedAt: START }]);
      expect(await world.number(ONE)).toEqual(before);
      expect(world.twilio.calls).toEqual([]);
    });

    it("refuses another agent's number and changes nothing at all", async () => {
      await own(ONE, TWO);
      await attach([TWO], { agentId: OTHER_AGENT });
      const error = await rejectionOf(attach([ONE, TWO, THREE]));
      expect(error).toMatchObject({
        reason: 'NUMBER_ALREADY_ATTACHED',
        details: [{ field: 'numbers[1]', value: TWO }],
      });
      expect(await agentsOf(ONE, TWO)).toEqual([null, OTHER_AGENT]);
      expect(await world.inventory()).toEqual([ONE, TWO]);
    });

    it('moves a number between agents without telling the provider again', async () => {
      await own(ONE);
      await attach([ONE], { agentId: OTHER_AGENT });
      world.twilio.calls.length = 0;
      world.clock.advance(60_000);
      const { numbers } = await attach([ONE], { reassign: true });
      expect(numbers).toEqual([{ phoneNumber: ONE, status: 'active', reason: null, attachedAt: START + 60_000 }]);
      expect(await world.number(ONE)).toMatchObject({ agentId: AGENT, generation: 1, confirmed: 1 });
      expect(world.twilio.calls).toEqual([]);
    });

    it('looks up a number that the inventory has not, and adds it', async () => {
      world.twilio.hold([ONE]);
      await own(TWO);
      const { numbers } = await attach([ONE, TWO]);
      expect(numbers.map(({ status }) => status)).toEqual(['active', 'active']);
      expect(world.twilio.calls.filter((call) => call.startsWith('find'))).toEqual([`find ${ONE}`]);
      expect(await world.number(ONE)).toMatchObject({
        agentId: AGENT,
        country: 'US',
        providerNumberId: `PN${ONE.slice(1)}`,
      });
    });

    it('adds nothing when one of the batch is not owned', async () => {
      world.twilio.hold([ONE]);
      await own(TWO);
      const error = await rejectionOf(attach([ONE, TWO, THREE]));
      expect(error).toMatchObject({ reason: 'NUMBER_NOT_AVAILABLE', details: [{ field: 'numbers[2]', value: THREE }] });
      expect(await world.inventory()).toEqual([TWO]);
      expect(await agentsOf(TWO)).toEqual([null]);
    });

    it.each([
      ['a timeout', new ProviderError('transient', 'x', { timedOut: true }), { status: 504 }],
      ['a 429', new ProviderError('rate_limited', 'x', { retryAfterMs: 30_000 }), { status: 503, retryAfterS: 30 }],
      ['a 500', new ProviderError('transient', 'x', { httpStatus: 500 }), { status: 502 }],
    ])('changes nothing when %s keeps ownership from being checked', async (_what, failure, answer) => {
      await own(TWO);
      world.twilio.hold([ONE, THREE]);
      world.twilio.before = ({ e164 }) => {
        if (e164 === THREE) throw failure;
      };
      const error = await rejectionOf(attach([ONE, TWO, THREE]));
      expect(error).toMatchObject({ reason: 'PROVIDER_UNAVAILABLE', ...answer, details: [{ value: THREE }] });
      expect(await world.inventory()).toEqual([TWO]);
      expect(await agentsOf(TWO)).toEqual([null]);
    });

    it('decides by the inventory as it is after the look-up', async () => {
      world.twilio.hold([ONE, TWO]);
      world.twilio.before = async ({ method, e164 }) => {
        if (method !== 'find') return;
        await world.addNumber(e164, e164 === ONE ? { provider: 'san' } : { agent_id: OTHER_AGENT, status: 'active' });
      };
      expect(await rejectionOf(attach([ONE]))).toMatchObject({ reason: 'NUMBER_NOT_AVAILABLE' });
      expect(await rejectionOf(attach([TWO]))).toMatchObject({ reason: 'NUMBER_ALREADY_ATTACHED' });
    });

    it('looks up again what left the inventory meanwhile', async () => {
      await own(ONE);
      world.twilio.hold([TWO]);
      let isFirst = true;
      world.twilio.before = async ({ method }) => {
        if (method !== 'find' || !isFirst) return;
        isFirst = false;
        await world.database.transaction((manager) =>
          affectedRows(manager, 'DELETE FROM phone_number WHERE e164 = ?', [ONE]),
        );
      };
      await attach([ONE, TWO]);
      expect(await agentsOf(ONE, TWO)).toEqual([AGENT, AGENT]);
      expect(world.twilio.calls.slice(0, 2)).toEqual([`find ${TWO}`, `find ${ONE}`]);
    });

    it('gives up where ownership never becomes known', async () => {
      world.providers.unconfigured.add('twilio');
      expect(await rejectionOf(attach([ONE]))).toMatchObject({ reason: 'UNAVAILABLE', status: 503, retryAfterS: 1 });
      expect(await world.inventory()).toEqual([]);
    });

    it("does not know another account's agent, nor mind its numbers", async () => {
      await own(ONE);
      expect(await rejectionOf(attach([ONE], { agentId: 'agent_two' }))).toMatchObject({ reason: 'AGENT_NOT_FOUND' });
      await world.insert('phone_number', {
        account_id: 'acct_two',
        e164: ONE,
        provider: 'san',
        agent_id: 'agent_two',
        status: 'active',
        created_at: START,
        updated_at: START,
      });
      await attach([ONE]);
      expect(await agentsOf(ONE)).toEqual([AGENT]);
    });

    it('refuses a provider without credentials before it looks at numbers', async () => {
      const error = await rejectionOf(attach([ONE], { provider: 'telnyx' }));
      expect(error).toMatchObject({
        reason: 'PROVIDER_NOT_CONFIGURED',
        details: [{ field: 'provider', value: 'telnyx' }],
      });
    });

    it("waits for the first call to a manual provider's number, whose address it tells", async () => {
      const inboundUrl = `wss://patchbay.example/inbound/san/key-san/${SAN_NUMBER}`;
      const { numbers } = await attach([SAN_NUMBER], { provider: 'san' });
      expect(numbers).toEqual([
        { phoneNumber: SAN_NUMBER, status: 'pending', reason: 'awaiting_first_call', attachedAt: START, inboundUrl },
      ]);
      expect(await world.number(SAN_NUMBER)).toMatchObject({
        agentId: AGENT,
        country: 'IN',
        generation: 0,
        confirmed: 0,
        dueAt: null,
      });
    });

    it("answers active at once for a manual provider's proven number", async () => {
      await world.addNumber(SAN_NUMBER, { provider: 'san', proven_at: START - 1 });
      const { numbers } = await attach([SAN_NUMBER], { provider: 'san' });
      expect(numbers).toMatchObject([{ status: 'active', reason: null, attachedAt: START }]);
    });

    it('answers pending when the provider is slow, and goes on until it settles', async () => {
      await world.close();
      world = await openWorld({ inlineMs: 20 });
      await own(ONE);
      const gate = new Gate();
      world.twilio.before = () => gate.passed;
      const { numbers } = await attach([ONE]);
      expect(numbers).toEqual([{ phoneNumber: ONE, status: 'pending', reason: null, attachedAt: START }]);
      gate.open();
      await until(async () => (await world.number(ONE)).status === 'active');
      expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
    });

    it('answers pending with the reason of a failure that will be retried', async () => {
      await own(ONE, TWO);
      world.twilio.before = ({ e164 }) => {
        if (e164 === ONE) throw new ProviderError('transient', 'Twilio answered HTTP 503');
      };
      const { numbers } = await attach([ONE, TWO]);
      expect(numbers).toMatchObject([
        { phoneNumber: ONE, status: 'pending', reason: 'provider_unavailable' },
        { phoneNumber: TWO, status: 'active', reason: null },
      ]);
      expect(world.twilio.calls.filter((call) => call.endsWith(ONE))).toHaveLength(1);
    });

    it('answers inactive with the reason of a refusal, and asks again on the next attach', async () => {
      await own(ONE);
      world.twilio.before = () => {
        throw new ProviderError('permanent', 'no');
      };
      const refused = await attach([ONE]);
      expect(refused.numbers).toMatchObject([{ status: 'inactive', reason: 'refused_by_provider', attachedAt: START }]);

      world.twilio.before = () => undefined;
      world.clock.advance(60_000);
      const { numbers } = await attach([ONE]);
      expect(numbers).toEqual([{ phoneNumber: ONE, status: 'active', reason: null, attachedAt: START }]);
    });

    it('takes as many statements for a thousand numbers as for one, four at most', async () => {
      await world.close();
      world = await openWorld({ inlineMs: 0 });
      const numbers = someNumbers(1_000);
      await own(...numbers);
      const statements = countStatements();
      await attach(numbers.slice(0, 1));
      const one = statements.splice(0);
      await attach(numbers.slice(1));
      const inTransaction = (sqls: string[]) =>
        sqls.slice(
          0,
          sqls.findIndex((sql) => sql.startsWith('COMMIT')),
        );
      expect(statements).toHaveLength(one.length);
      // The first is BEGIN.
      expect(inTransaction(statements).length - 1).toBeLessThanOrEqual(4);
    });

    it('asks again in one statement for numbers that were attached at different times', async () => {
      await world.close();
      world = await openWorld({ inlineMs: 0 });
      for (const [index, e164] of [ONE, TWO, THREE].entries()) {
        await world.addNumber(e164, { agent_id: AGENT, attached_at: START - index, reason: 'refused_by_provider' });
      }
      const statements = countStatements();
      const { numbers } = await attach([ONE, TWO, THREE]);
      expect(statements.filter((sql) => sql.startsWith('UPDATE'))).toHaveLength(1);
      expect(numbers.map(({ attachedAt }) => attachedAt)).toEqual([START, START - 1, START - 2]);
      expect(numbers.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
    });

    it('gives each number to one agent and each batch whole, however many ask at once', async () => {
      const numbers = someNumbers(12);
      await own(...numbers);
      const batches = Array.from({ length: 40 }, (_, index) => ({
        agentId: index % 2 === 0 ? AGENT : OTHER_AGENT,
        batch: [0, 1, 2].map((step) => numbers[(index * 5 + step) % 12] ?? ''),
      }));
      const outcomes = await Promise.allSettled(batches.map(({ agentId, batch }) => attach(batch, { agentId })));
      const owners = new Map(
        await Promise.all(numbers.map(async (e164) => [e164, (await agentsOf(e164))[0]] as const)),
      );
      for (const [index, outcome] of outcomes.entries()) {
        const { agentId, batch } = batches[index] ?? { agentId: '', batch: [] };
        if (outcome.status === 'fulfilled')
          expect(batch.map((e164) => owners.get(e164))).toEqual(batch.map(() => agentId));
        else expect(outcome.reason).toMatchObject({ reason: 'NUMBER_ALREADY_ATTACHED' });
      }
      expect(new Set(outcomes.map(({ status }) => status)).size).toBe(2);
    });
  });

  describe('attach, as a dry run', () => {
    const dryRun = true;

    it('tells what would happen and changes nothing', async () => {
      await own(ONE, TWO);
      await attach([TWO]);
      const before = [await world.number(ONE), await world.number(TWO)];
      world.twilio.calls.length = 0;
      const { numbers } = await attach([ONE, TWO], { dryRun });
      expect(numbers).toEqual([
        { phoneNumber: ONE, status: 'pending', reason: null, attachedAt: START },
        { phoneNumber: TWO, status: 'active', reason: null, attachedAt: START },
      ]);
      expect([await world.number(ONE), await world.number(TWO)]).toEqual(before);
      expect(world.twilio.calls).toEqual([]);
    });

    it('looks up ownership and adds nothing to the inventory', async () => {
      world.twilio.hold([ONE]);
      await own(TWO);
      const { numbers } = await attach([ONE, TWO], { dryRun });
      expect(numbers.map(({ phoneNumber, status }) => [phoneNumber, status])).toEqual([
        [ONE, 'pending'],
        [TWO, 'pending'],
      ]);
      expect(await world.inventory()).toEqual([TWO]);
      expect(world.twilio.calls).toEqual([`find ${ONE}`]);
    });

    it('refuses what attach would refuse', async () => {
      await own(ONE);
      await attach([ONE], { agentId: OTHER_AGENT });
      expect(await rejectionOf(attach([ONE], { dryRun }))).toMatchObject({ reason: 'NUMBER_ALREADY_ATTACHED' });
      expect(await rejectionOf(attach([TWO], { dryRun }))).toMatchObject({ reason: 'NUMBER_NOT_AVAILABLE' });
      await attach([ONE], { dryRun, reassign: true });
      expect(await agentsOf(ONE)).toEqual([OTHER_AGENT]);
    });

    it('tells the address of a manual number', async () => {
      const { numbers } = await attach([SAN_NUMBER], { provider: 'san', dryRun });
      expect(numbers).toMatchObject([{ status: 'pending', inboundUrl: expect.stringContaining(SAN_NUMBER) as string }]);
      expect(await world.inventory()).toEqual([]);
    });
  });

  describe('detach', () => {
    it('frees the numbers and gives their former route back', async () => {
      await own(TWO);
      await world.addNumber(ONE);
      world.twilio.hold([ONE], 'https://former.example/voice');
      await attach([ONE, TWO]);
      await expect(detach([TWO, ONE, TWO])).resolves.toEqual({
        agentId: AGENT,
        numbers: [
          { phoneNumber: TWO, status: 'inactive', reason: null, attachedAt: null },
          { phoneNumber: ONE, status: 'inactive', reason: null, attachedAt: null },
        ],
      });
      expect(world.twilio.urlOf(ONE)).toBe('https://former.example/voice');
      expect(world.twilio.urlOf(TWO)).toBeNull();
      expect(await world.number(ONE)).toMatchObject({
        agentId: null,
        attachedAt: null,
        status: 'inactive',
        reason: null,
        generation: 2,
        confirmed: 2,
        dueAt: null,
        routeUrl: null,
        formerRoute: null,
      });
    });

    it('names each number that the agent has not, once, and changes nothing', async () => {
      await own(ONE, TWO);
      await attach([ONE]);
      await attach([TWO], { agentId: OTHER_AGENT });
      const error = await rejectionOf(detach([ONE, TWO, THREE, TWO]));
      expect(error).toMatchObject({ reason: 'NUMBER_NOT_ATTACHED', status: 409 });
      expect(error).toHaveProperty('details', [
        { field: 'numbers[1]', value: TWO, message: 'is not attached to this agent' },
        { field: 'numbers[2]', value: THREE, message: 'is not attached to this agent' },
      ]);
      expect(await agentsOf(ONE, TWO)).toEqual([AGENT, OTHER_AGENT]);
      expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
    });

    it("does not know another account's agent", async () => {
      expect(await rejectionOf(detach([ONE], { agentId: 'agent_two' }))).toMatchObject({ reason: 'AGENT_NOT_FOUND' });
    });

    it('changes nothing on a dry run, but refuses the same', async () => {
      await own(ONE);
      await attach([ONE]);
      const { numbers } = await detach([ONE], { dryRun: true });
      expect(numbers).toEqual([{ phoneNumber: ONE, status: 'inactive', reason: null, attachedAt: null }]);
      expect(await agentsOf(ONE)).toEqual([AGENT]);
      expect(world.twilio.urlOf(ONE)).toBe(OUR_URL);
      expect(await rejectionOf(detach([TWO], { dryRun: true }))).toMatchObject({ reason: 'NUMBER_NOT_ATTACHED' });
    });

    it('has nothing to tell a manual provider', async () => {
      await attach([SAN_NUMBER], { provider: 'san' });
      await detach([SAN_NUMBER]);
      expect(await world.number(SAN_NUMBER)).toMatchObject({
        agentId: null,
        status: 'inactive',
        generation: 0,
        dueAt: null,
      });
    });
  });

  describe('replaceSet', () => {
    const replace = (
      numbers: readonly string[],
      more: Partial<Parameters<World['service']['replaceSet']>[0]> = {},
      also: Parameters<World['service']['replaceSet']>[1] = nothing,
    ) => world.service.replaceSet({ accountId: ACCOUNT, agentId: AGENT, numbers, ...more }, also);

    it('detaches the missing, attaches the new and leaves the rest', async () => {
      await own(ONE, TWO, THREE);
      await attach([ONE, TWO]);
      const kept = await world.number(TWO);
      world.clock.advance(1_000);
      await replace([TWO, THREE]);
      expect(await agentsOf(ONE, TWO, THREE)).toEqual([null, AGENT, AGENT]);
      expect(await world.number(TWO)).toEqual(kept);
      expect(await world.number(THREE)).toMatchObject({ status: 'active', attachedAt: START + 1_000 });
      expect([ONE, TWO, THREE].map((e164) => world.twilio.urlOf(e164))).toEqual([null, OUR_URL, OUR_URL]);
    });

    it('empties the set', async () => {
      await own(ONE);
      await attach([ONE]);
      await replace([]);
      expect(await agentsOf(ONE)).toEqual([null]);
      expect(world.twilio.urlOf(ONE)).toBeNull();
    });

    it("does the caller's work in the same transaction, once", async () => {
      world.twilio.hold([ONE]);
      const also = jest.fn(async (manager: Parameters<Parameters<World['service']['replaceSet']>[1]>[0]) => {
        await affectedRows(manager, 'UPDATE agent SET agent_name = ? WHERE agent_id = ?', ['Renamed', AGENT]);
      });
      await replace([ONE], { provider: 'twilio' }, also);
      expect(also).toHaveBeenCalledTimes(1);
      expect(await agentsOf(ONE)).toEqual([AGENT]);
      const [agent] = await world.database.read((manager) =>
        selectRows(manager, 'SELECT agent_name AS name FROM agent WHERE agent_id = ?', [AGENT]),
      );
      expect(agent).toEqual({ name: 'Renamed' });
    });

    it("changes nothing when the caller's work fails", async () => {
      await own(ONE, TWO);
      await attach([ONE]);
      world.twilio.calls.length = 0;
      const failing = replace([TWO], {}, () => Promise.reject(new Error('no')));
      await expect(failing).rejects.toThrow('no');
      expect(await agentsOf(ONE, TWO)).toEqual([AGENT, null]);
      expect(world.twilio.calls).toEqual([]);
    });

    it('changes nothing when a new number is refused', async () => {
      await own(ONE, TWO);
      await attach([ONE]);
      await attach([TWO], { agentId: OTHER_AGENT });
      const also = jest.fn(nothing);
      const error = await rejectionOf(replace([TWO], {}, also));
      expect(error).toMatchObject({
        reason: 'NUMBER_ALREADY_ATTACHED',
        details: [{ field: 'phone_numbers[0]', value: TWO }],
      });
      expect(await agentsOf(ONE, TWO)).toEqual([AGENT, OTHER_AGENT]);
      expect(also).not.toHaveBeenCalled();
    });

    it('needs the provider of numbers that the inventory has not, and names each', async () => {
      await own(ONE);
      const error = await rejectionOf(replace([ONE, TWO, THREE]));
      expect(error).toMatchObject({
        reason: 'PROVIDER_REQUIRED',
        status: 400,
        details: [
          { field: 'phone_numbers[1]', value: TWO },
          { field: 'phone_numbers[2]', value: THREE },
        ],
      });
      expect(await agentsOf(ONE)).toEqual([null]);
    });

    it('keeps numbers of other providers than the one that is named for new ones', async () => {
      world.twilio.hold([ONE]);
      await attach([SAN_NUMBER], { provider: 'san' });
      await replace([SAN_NUMBER, ONE], { provider: 'twilio' });
      expect(await agentsOf(SAN_NUMBER, ONE)).toEqual([AGENT, AGENT]);
    });

    it('takes the provider of a free number from the inventory, and holds a named one against it', async () => {
      await own(ONE);
      expect(await rejectionOf(replace([ONE], { provider: 'san' }))).toMatchObject({ reason: 'NUMBER_NOT_AVAILABLE' });
      await replace([ONE]);
      expect(await agentsOf(ONE)).toEqual([AGENT]);
    });

    it('checks kept numbers against the purpose that the agent is to have', async () => {
      await world.addNumber(ONE, { purpose: 'TEST' });
      world.twilio.hold([ONE]);
      await attach([ONE]);
      expect(await rejectionOf(replace([ONE], { purpose: 'PRODUCTION' }))).toMatchObject({
        reason: 'PURPOSE_MISMATCH',
      });
      await replace([ONE], { purpose: 'TEST' });
      await replace([ONE], { purpose: null });
      expect(await agentsOf(ONE)).toEqual([AGENT]);
    });

    it("does not know another account's agent", async () => {
      expect(await rejectionOf(replace([], { agentId: 'agent_two' }))).toMatchObject({ reason: 'AGENT_NOT_FOUND' });
    });
  });

  describe('releaseAll', () => {
    const release = (agentId: string, also = nothing) =>
      world.service.releaseAll({ accountId: ACCOUNT, agentId }, also);

    it("frees all that the agent has and no other's", async () => {
      await own(ONE, TWO, THREE);
      await attach([ONE, TWO]);
      await attach([THREE], { agentId: OTHER_AGENT });
      const also = jest.fn(nothing);
      await release(AGENT, also);
      expect(await agentsOf(ONE, TWO, THREE)).toEqual([null, null, OTHER_AGENT]);
      expect([ONE, TWO, THREE].map((e164) => world.twilio.urlOf(e164))).toEqual([null, null, OUR_URL]);
      expect(also).toHaveBeenCalledTimes(1);
    });

    it('does not free what another agent got between the reading and the locking', async () => {
      await own(ONE, TWO);
      await attach([ONE]);
      await attach([TWO], { agentId: OTHER_AGENT });
      jest.spyOn(world.repository, 'numbersOfAgent').mockResolvedValueOnce([ONE, TWO]);
      await release(AGENT);
      expect(await agentsOf(ONE, TWO)).toEqual([null, OTHER_AGENT]);
    });

    it("frees nothing when the caller's work fails", async () => {
      await own(ONE);
      await attach([ONE]);
      await expect(release(AGENT, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(await agentsOf(ONE)).toEqual([AGENT]);
    });

    it('does nothing but the work of the caller where there are none', async () => {
      const also = jest.fn(nothing);
      await release(AGENT, also);
      expect(also).toHaveBeenCalledTimes(1);
    });

    it("does not know another account's agent", async () => {
      expect(await rejectionOf(release('agent_two'))).toMatchObject({ reason: 'AGENT_NOT_FOUND' });
    });
  });
});
