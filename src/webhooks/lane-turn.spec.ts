import type { Chain, DeliveryResult, DueMessage, DueWork } from './delivery';
import { LaneHealth } from './lane-health';
import { LaneTurn, READ_AHEAD, type TurnWork } from './lane-turn';
import { RetrySchedule } from './retry-schedule';
import type { WebhookReply } from './webhook-reply';

const START = 1_764_000_000_000;
const OK: WebhookReply = {
  kind: 'answered',
  statusCode: 200,
  latencyMs: 1,
  response: 'ok',
  isWhole: true,
  retryAfterMs: undefined,
};
const ERROR: WebhookReply = { ...OK, statusCode: 500 };

interface Sent {
  readonly id: string;
  readonly reply: (reply: WebhookReply) => void;
}

/** A turn over what is due in memory; each message is named by its key and its number. */
function setUp(due: Readonly<Record<string, number>>, { failures = 0, deadlineMs = 5_000 } = {}) {
  const left = new Map(Object.entries(due).map(([key, count]) => [key, names(key, count)]));
  const sent: Sent[] = [];
  const events: string[] = [];
  const clock = { time: START, now: () => clock.time };
  const stored: DeliveryResult[] = [];
  const health = new LaneHealth(failures);
  const reads: (readonly string[])[] = [];
  const world = { isStopping: false, failure: undefined as Error | undefined };
  const work: TurnWork = {
    agentId: 'agent_1',
    url: 'https://user:word@example.com/hook?key=secret',
    health,
    schedule: new RetrySchedule(5_000, () => 0),
    clock,
    deadline: START + deadlineMs,
    isStopping: () => world.isStopping,
    read: (without): Promise<DueWork> => {
      reads.push(without);
      const free = [...left].filter(([key, ids]) => ids.length > 0 && !without.includes(key));
      const chains = free.slice(0, READ_AHEAD).map(([orderKey, messageIds]): Chain => ({ orderKey, messageIds }));
      for (const { orderKey } of chains) left.delete(orderKey);
      return Promise.resolve({ chains, blocked: [] });
    },
    readBodies: (ids) => Promise.resolve(new Map(ids.map((id) => [id, messageOf(id)]))),
    post: ({ messageId: id }) =>
      new Promise((resolve) => {
        events.push(`sent ${id}`);
        sent.push({ id, reply: resolve });
      }),
    record: (result) => {
      if (world.failure) return Promise.reject(world.failure);
      events.push(`stored ${result.message.messageId}`);
      stored.push(result);
      return Promise.resolve();
    },
  };
  const turn = new LaneTurn(work);
  const add = (key: string, count: number) => left.set(key, names(key, count));
  return { turn, sent, events, stored, clock, health, reads, world, add, running: turn.run() };
}

const names = (key: string, count: number) => Array.from({ length: count }, (_, index) => `${key}${index + 1}`);
const messageOf = (id: string): DueMessage => ({ messageId: id, orderKey: id[0] ?? '', body: '{}', attempts: 0 });

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function replyTo(sent: readonly Sent[], id: string, reply: WebhookReply = OK): Promise<void> {
  sent.find((each) => each.id === id)?.reply(reply);
  await settle();
}

describe('LaneTurn', () => {
  it('sends the next of a subject when the one before is stored, and other subjects beside it', async () => {
    const { sent, events, running } = setUp({ a: 2, b: 1 });
    await settle();
    expect(events).toEqual(['sent a1', 'sent b1']);
    await replyTo(sent, 'a1');
    expect(events).toEqual(['sent a1', 'sent b1', 'stored a1', 'sent a2']);
    await replyTo(sent, 'b1');
    await replyTo(sent, 'a2');
    await running;
    expect(events.slice(4)).toEqual(['stored b1', 'stored a2']);
  });

  it('sends nothing more of a subject after a failure', async () => {
    const { sent, stored, running } = setUp({ a: 3, b: 2 });
    await settle();
    await replyTo(sent, 'a1', ERROR);
    await replyTo(sent, 'b1');
    await replyTo(sent, 'b2');
    await running;
    expect(sent.map(({ id }) => id)).toEqual(['a1', 'b1', 'b2']);
    expect(stored[0]).toMatchObject({
      agentId: 'agent_1',
      attempt: { url: 'https://example.com/hook', attemptedAt: START, statusCode: 500, error: null, response: 'ok' },
      verdict: { kind: 'retry', dueAt: START + 5_000 },
    });
  });

  it('has sixteen under way at most', async () => {
    const keys = 'abcdefghijklmnopqrst';
    const { sent, running } = setUp(Object.fromEntries([...keys].map((key) => [key, 1])));
    await settle();
    expect(sent).toHaveLength(16);
    await replyTo(sent, 'c1');
    expect(sent).toHaveLength(17);
    for (const key of keys) await replyTo(sent, `${key}1`);
    await running;
    expect(sent).toHaveLength(20);
  });

  it('finds what has come while one is slow, but not of the subject that is under way', async () => {
    const { sent, reads, add, running } = setUp({ a: 1, b: 1 });
    await settle();
    await replyTo(sent, 'b1');
    add('a', 2);
    add('c', 1);
    while (!sent.some(({ id }) => id === 'c1')) await settle();
    expect(reads.at(-1)).toEqual(['a']);
    await replyTo(sent, 'c1');
    await replyTo(sent, 'a1');
    await running;
    expect(sent.map(({ id }) => id)).toEqual(['a1', 'b1', 'c1']);
  });

  it('tries one message of a receiver that was down, and all once that is delivered', async () => {
    const up = setUp({ a: 1, b: 1, c: 1 }, { failures: 7 });
    await settle();
    expect(up.events).toEqual(['sent a1']);
    await replyTo(up.sent, 'a1');
    expect(up.events.slice(2)).toEqual(['sent b1', 'sent c1']);
    await replyTo(up.sent, 'b1');
    await replyTo(up.sent, 'c1');
    await up.running;

    const down = setUp({ a: 1, b: 1, c: 1 }, { failures: 7 });
    await settle();
    await replyTo(down.sent, 'a1', ERROR);
    await down.running;
    expect(down.sent.map(({ id }) => id)).toEqual(['a1']);
    expect(down.health.failures).toBe(8);
  });

  it.each<[string, (world: ReturnType<typeof setUp>) => void]>([
    ['at its deadline', ({ clock }) => (clock.time = START + 5_000)],
    ['when the process stops', ({ world }) => (world.isStopping = true)],
  ])('begins nothing more %s, and waits for what is under way', async (_when, end) => {
    const world = setUp({ a: 2 });
    await settle();
    end(world);
    await replyTo(world.sent, 'a1');
    await world.running;
    expect(world.events).toEqual(['sent a1', 'stored a1']);
  });

  it('begins nothing more after 410', async () => {
    const { turn, sent, stored, running } = setUp({ a: 2, b: 2 });
    await settle();
    await replyTo(sent, 'a1', { ...OK, statusCode: 410 });
    await replyTo(sent, 'b1');
    await running;
    expect(turn.isReceiverGone).toBe(true);
    expect(sent.map(({ id }) => id)).toEqual(['a1', 'b1']);
    expect(stored.map(({ verdict }) => verdict)).toEqual([
      { kind: 'dead', reason: 'endpoint_disabled' },
      { kind: 'delivered' },
    ]);
  });

  it('stores nothing of what was broken off by ourselves', async () => {
    const { sent, stored, health, running } = setUp({ a: 2 });
    await settle();
    await replyTo(sent, 'a1', { kind: 'failed', error: 'aborted', latencyMs: 1 });
    await running;
    expect([stored, health.failures]).toEqual([[], 0]);
  });

  it('ends with what kept a result from being stored, after all that is under way', async () => {
    const { sent, world, running } = setUp({ a: 2, b: 1 });
    await settle();
    world.failure = new Error('the database is away');
    await replyTo(sent, 'a1');
    let isOver = false;
    const outcome = running.finally(() => (isOver = true)).catch((error: unknown) => error);
    await settle();
    expect(isOver).toBe(false);
    await replyTo(sent, 'b1');
    expect(await outcome).toBe(world.failure);
    expect(sent.map(({ id }) => id)).toEqual(['a1', 'b1']);
  });
});
