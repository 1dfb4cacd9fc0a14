import { Logger } from '@nestjs/common';
import { selectRows } from '../../database/sql';
import { ACCOUNT, AGENT, KEY, someNumbers, START, SyncWorld } from './sync.fixture';
import { isUnderWay } from './sync-run';

const [ONE = '', TWO = '', THREE = ''] = someNumbers(3);
const ATTACHED = { agent_id: AGENT, attached_at: START - 1, seen_sync: 'sync_before' };

describe('What agents are told of a sync', () => {
  let world: SyncWorld;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(async () => {
    world = await SyncWorld.open();
    await world.addNumber(ONE, { ...ATTACHED, status: 'active' });
    await world.addNumber(TWO, { ...ATTACHED, status: 'inactive', reason: 'refused_by_provider' });
    await world.addNumber(THREE, { provider_number_id: 'PN3' });
  });
  afterEach(() => world.close());

  const follow = () => world.changeAgent(AGENT, { webhook_url: 'https://receiver.example/hook' });

  async function sync(): Promise<void> {
    const taken = await world.claims.take(KEY, (record, now) => !isUnderWay(record, now));
    if (!taken?.run) throw new Error('not taken');
    expect(await world.runner.start(taken.run)).toEqual({ kind: 'completed' });
  }

  /** The `data` of all messages, in the order of their making. */
  async function news(): Promise<unknown[]> {
    const rows = await world.database.read((manager) =>
      selectRows<{ accountId: string; body: string }>(
        manager,
        'SELECT account_id AS accountId, body FROM outbox_message ORDER BY message_id',
        [],
      ),
    );
    return rows.map(({ accountId, body }) => {
      expect(accountId).toBe(ACCOUNT);
      const { type, data } = JSON.parse(body) as { type: string; data: object };
      expect(type).toBe('number.status_changed');
      return data;
    });
  }

  const about = (e164: string) => ({
    phone_number: e164,
    provider: 'twilio',
    agent_id: AGENT,
    attached_at: new Date(START - 1).toISOString(),
  });
  const gone = { ...about(ONE), previous_status: 'active', status: 'inactive', reason: 'gone_at_provider' };

  it('is that its number is gone, and back', async () => {
    await follow();
    await sync();
    expect(await news()).toEqual([gone]);
    await sync();
    world.vendor.hold(ONE);
    await sync();
    expect(await news()).toEqual([
      gone,
      { ...about(ONE), previous_status: 'inactive', status: 'pending', reason: null },
    ]);
  });

  it('is the same where numbers are bound by hand, and those that had a call before are good at once', async () => {
    await follow();
    world.capabilities = { ...world.capabilities, route: false };
    await world.change(ONE, { proven_at: START - 1 });
    await world.change(TWO, { status: 'active', reason: null });
    await sync();
    world.vendor.hold(ONE, TWO);
    await sync();
    expect((await news()).slice(2)).toEqual([
      { ...about(ONE), previous_status: 'inactive', status: 'active', reason: null },
      { ...about(TWO), previous_status: 'inactive', status: 'pending', reason: 'awaiting_first_call' },
    ]);
  });

  it('is nothing without a webhook', async () => {
    await sync();
    world.vendor.hold(ONE);
    await sync();
    expect(await news()).toEqual([]);
    expect(await world.number(ONE)).toMatchObject({ status: 'pending' });
  });
});
