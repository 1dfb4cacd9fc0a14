import { ACCOUNT, AGENT, openWorld, someNumbers, START, type World } from './attachments.fixture';
import type { NumberRow } from './number-state';

const [ONE = '', TWO = ''] = someNumbers(2);
const SAN_NUMBER = '+918062810341';

const ROW: NumberRow = {
  e164: ONE,
  provider: 'twilio',
  purpose: null,
  agentId: AGENT,
  attachedAt: START,
  status: 'pending',
  reason: 'provider_unavailable',
  provenAt: null,
};
const SAN_ROW: NumberRow = { ...ROW, e164: SAN_NUMBER, provider: 'san', status: 'active', reason: null };

describe('NumberStates', () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld();
  });

  afterEach(() => world.close());

  const of = (numbers: string[], ...rows: NumberRow[]) =>
    world.states.of(ACCOUNT, numbers, new Map(rows.map((row) => [row.e164, row])));

  it('tells how numbers stand, in the order asked for', async () => {
    expect(await of([SAN_NUMBER, ONE], ROW, SAN_ROW)).toEqual([
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

  it('asks nothing of a provider that is told routes', async () => {
    world.providers.before = () => {
      throw new Error('asked for a connection');
    };
    expect(await of([ONE], ROW)).toHaveLength(1);
  });

  it('leaves out what is gone', async () => {
    expect(await of([TWO, ONE], ROW)).toMatchObject([{ phoneNumber: ONE }]);
  });

  it('has no address where the credentials are gone', async () => {
    world.providers.unconfigured.add('san');
    const [state] = await of([SAN_NUMBER], SAN_ROW);
    expect(state).not.toHaveProperty('inboundUrl');
  });
});
