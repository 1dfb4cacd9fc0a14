import type { ProviderName } from '../common/provider-name';
import type { RequestedNumber } from './attachment-rules';
import type { AttachRequest } from './attachment-writer';
import { ACCOUNT, AGENT, openWorld, OTHER_AGENT, someNumbers, START, type World } from './attachments.fixture';
import type { Ownership } from './ownership';

const [ONE = '', TWO = '', THREE = ''] = someNumbers(3);

function asked(provider: ProviderName, ...numbers: string[]): RequestedNumber[] {
  return numbers.map((e164, index) => ({ e164, provider, field: `numbers[${index}]` }));
}

function request(requested: readonly RequestedNumber[], more: Partial<AttachRequest> = {}): AttachRequest {
  const ownership = new Map<string, Ownership>();
  return { accountId: ACCOUNT, agentId: AGENT, requested, ownership, reassign: false, dryRun: false, ...more };
}

const nothing = () => Promise.resolve();

describe('AttachmentWriter', () => {
  let world: World;

  afterEach(() => world.close());

  const attach = (given: AttachRequest) =>
    world.database.transaction((manager) => world.writer.attach(manager, { ...given, provider: 'twilio' }));

  it.each([
    [0, START],
    [2_000, START + 2_500],
  ])('keeps the worker off while a request waits %d ms itself', async (inlineMs, dueAt) => {
    world = await openWorld({ inlineMs });
    await world.addNumber(ONE);
    await attach(request(asked('twilio', ONE)));
    expect(await world.number(ONE)).toMatchObject({ generation: 1, confirmed: 0, claim: null, dueAt });
  });

  it('names the numbers whose provider has to be told', async () => {
    world = await openWorld();
    await world.addNumber(ONE);
    await world.addNumber(TWO, { agent_id: AGENT, attached_at: START, status: 'active' });
    await world.addNumber(THREE, { agent_id: OTHER_AGENT, attached_at: START, status: 'active' });
    const { unknown, raised, rows } = await attach(request(asked('twilio', ONE, TWO, THREE), { reassign: true }));
    expect(unknown).toEqual([]);
    expect(raised).toEqual([ONE]);
    expect([ONE, TWO, THREE].map((e164) => rows.get(e164)?.agentId)).toEqual([AGENT, AGENT, AGENT]);
    expect(rows.get(ONE)).toMatchObject({ status: 'pending', attachedAt: START });
  });

  it('does nothing but name them where numbers are unknown', async () => {
    world = await openWorld();
    await world.addNumber(ONE);
    expect(await attach(request(asked('twilio', ONE, TWO)))).toMatchObject({ unknown: [TWO], raised: [] });
    expect(await world.number(ONE)).toMatchObject({ agentId: null, generation: 0 });
    expect(await world.inventory()).toEqual([ONE]);
  });

  it('leaves the due time of a number alone that somebody has claimed, until the claim lapses', async () => {
    world = await openWorld({ inlineMs: 2_000 });
    const claimed = { route_generation: 1, route_claim: 'clm_x', route_attempts: 3, route_error: 'x' };
    await world.addNumber(ONE, { ...claimed, route_due_at: START + 7_000 });
    await world.addNumber(TWO, { ...claimed, route_due_at: START });
    await attach(request(asked('twilio', ONE, TWO)));
    const raised = { generation: 2, attempts: 0, error: null, claim: 'clm_x' };
    expect(await world.number(ONE)).toMatchObject({ ...raised, dueAt: START + 7_000 });
    expect(await world.number(TWO)).toMatchObject({ ...raised, dueAt: START + 2_500 });
  });

  it('replaces a set over several providers, released numbers first', async () => {
    world = await openWorld();
    await world.addNumber(ONE, { agent_id: AGENT, attached_at: START, status: 'active' });
    await world.addNumber(TWO, { provider: 'san' });
    await world.addNumber(THREE);
    const wanted = [...asked('san', TWO), ...asked('twilio', THREE)];
    const { raised } = await world.database.transaction((manager) =>
      world.writer.replace(manager, request(wanted), { purpose: null }, [ONE], nothing),
    );
    expect(raised).toEqual([ONE, THREE]);
    expect(await world.number(ONE)).toMatchObject({ agentId: null, status: 'inactive', generation: 1 });
    expect(await world.number(TWO)).toMatchObject({ agentId: AGENT, status: 'pending', generation: 0 });
    expect(await world.number(THREE)).toMatchObject({ agentId: AGENT, status: 'pending', generation: 1 });
  });

  it('does not release what another agent has meanwhile', async () => {
    world = await openWorld();
    await world.addNumber(ONE, { agent_id: OTHER_AGENT, attached_at: START, status: 'active' });
    const { raised } = await world.database.transaction((manager) =>
      world.writer.replace(manager, request([]), { purpose: null }, [ONE, TWO], nothing),
    );
    expect(raised).toEqual([]);
    expect(await world.number(ONE)).toMatchObject({ agentId: OTHER_AGENT, status: 'active' });
  });

  it('leaves a number as it is that another request has added meanwhile', async () => {
    world = await openWorld();
    await world.addNumber(ONE, { label: 'Front desk', country: 'CA' });
    const ownership = new Map<string, Ownership>([[ONE, { kind: 'owned', providerNumberId: 'PN1' }]]);
    await attach(request(asked('twilio', ONE), { ownership }));
    expect(await world.number(ONE)).toMatchObject({ agentId: AGENT, country: 'CA', providerNumberId: null });
  });
});
