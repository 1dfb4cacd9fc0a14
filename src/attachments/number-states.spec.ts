import { ACCOUNT, AGENT, openWorld, someNumbers, START, type World } from './attachments.fixture';
import type { NumberRow } from './number-state';

const [ONE = '', TWO = ''] = someNumbers(2);
const SAN_NUMBER = '+918062810341';

describe('NumberStates', () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld();
    await world.addNumber(ONE, {
      agent_id: AGENT,
      attached_at: START,
      status: 'pending',
      reason: 'provider_unavailable',
    });
    await world.addNumber(SAN_NUMBER, { provider: 'san', agent_id: AGENT, attached_at: START, status: 'active' });
  });

  afterEach(() => world.close());

  it('tells how numbers stand, in the order asked for', async () => {
    expect(await world.states.of(ACCOUNT, [SAN_NUMBER, ONE])).toEqual([
      {
        phoneNumber: SAN_NUMBER,
        status: 'active',
        reason: null,
        attachedAt: START,
        inboundUrl: `wss://patchbay.example/inbound/san/key-san/${SAN_NUMBER}`,
      },
      { phoneNumber: ONE, status: 'pending', reason: 'provider_unavailable', attachedAt: START },
    ]);
  });

  it('tells rows at hand without reading them, and asks nothing of a provider that is told routes', async () => {
    const row: NumberRow = {
      e164: TWO,
      provider: 'twilio',
      purpose: null,
      agentId: AGENT,
      attachedAt: 5,
      status: 'active',
      reason: null,
      provenAt: null,
    };
    world.providers.before = () => {
      throw new Error('asked for a connection');
    };
    expect(await world.states.of(ACCOUNT, [TWO], new Map([[TWO, row]]))).toEqual([
      { phoneNumber: TWO, status: 'active', reason: null, attachedAt: 5 },
    ]);
  });

  it('leaves out what is gone', async () => {
    expect(await world.states.of(ACCOUNT, [TWO])).toEqual([]);
    expect(await world.states.of('acct_two', [ONE])).toEqual([]);
  });

  it('has no address where the credentials are gone', async () => {
    world.providers.unconfigured.add('san');
    const [state] = await world.states.of(ACCOUNT, [SAN_NUMBER]);
    expect(state).not.toHaveProperty('inboundUrl');
  });
});
