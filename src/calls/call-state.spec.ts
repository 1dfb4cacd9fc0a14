import { advance, type CallNews, type CallState } from './call-state';

const START = 1_764_000_000_000;
const NOW = START + 90_000;
const NEW: CallState = {
  status: 'initiated',
  startedAt: START,
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
};
const NOTHING: Omit<CallNews, 'status'> = {
  occurredAt: null,
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
};
const news = (status: CallNews['status'], told: Partial<CallNews> = {}): CallNews => ({ ...NOTHING, ...told, status });

/** What all the news together make of a call, each coming in a second after the one before. */
function after(...all: CallNews[]): { state: CallState; events: string[] } {
  const events: string[] = [];
  let state = NEW;
  all.forEach((each, index) => {
    const next = advance(state, each, NOW + 1000 * index);
    state = next.state;
    events.push(...next.events);
  });
  return { state, events };
}

const ANSWERED = news('in_progress', { occurredAt: START + 5_000 });
const COMPLETED = news('completed', { endedAt: START + 65_000, durationS: 60, endReason: 'hangup' });
const END: CallState = {
  status: 'completed',
  startedAt: START,
  answeredAt: START + 5_000,
  endedAt: START + 65_000,
  durationS: 60,
  endReason: 'hangup',
};

describe('advance', () => {
  it('follows a call from ring to end', () => {
    const { state, events } = after(news('initiated'), news('ringing'), ANSWERED, COMPLETED);
    expect(state).toEqual(END);
    expect(events).toEqual(['call.ringing', 'call.answered', 'call.ended']);
  });

  it.each([
    ['repeated', [news('ringing'), news('ringing'), ANSWERED, ANSWERED, COMPLETED, COMPLETED]],
    ['late', [ANSWERED, news('ringing'), news('initiated'), COMPLETED, ANSWERED, news('ringing')]],
  ])('takes no step twice or backwards for %s news', (_what, all) => {
    const { state, events } = after(...all);
    expect(state).toEqual(END);
    expect(events.filter((event) => event !== 'call.ringing')).toEqual(['call.answered', 'call.ended']);
  });

  it('tells of the answer that it never heard of, before the end, and reckons when it was', () => {
    const { state, events } = after(COMPLETED);
    expect(events).toEqual(['call.answered', 'call.ended']);
    expect(state).toEqual({ ...END, answeredAt: START + 5_000 });
  });

  it('has no conversation where nobody answered', () => {
    for (const status of ['busy', 'no_answer', 'failed', 'canceled'] as const) {
      const { state, events } = after(news('ringing'), news(status, { endedAt: START + 30_000 }));
      expect(events).toEqual(['call.ringing', 'call.ended']);
      expect(state).toEqual({ ...NEW, status, endedAt: START + 30_000, durationS: 0 });
    }
  });

  it('was answered if it failed after a conversation', () => {
    const { state, events } = after(news('failed', { endedAt: START + 20_000, durationS: 8 }));
    expect(events).toEqual(['call.answered', 'call.ended']);
    expect(state).toMatchObject({ status: 'failed', answeredAt: START + 12_000, durationS: 8 });
  });

  it("reckons the duration by the vendor's clock alone where it gives both times", () => {
    // Its clock is ten minutes ahead; the times are 42 s apart.
    const told = { answeredAt: START + 600_000, endedAt: START + 642_000 };
    expect(after(news('completed', told)).state).toMatchObject({ durationS: 42 });
    // Its clock is behind: nothing of the call is before its beginning, and the duration is right all the same.
    const behind = { answeredAt: START - 42_000, endedAt: START };
    expect(after(news('completed', behind)).state).toMatchObject({
      answeredAt: START,
      endedAt: START,
      durationS: 42,
    });
  });

  it('takes our clock where the vendor tells no time', () => {
    const { state } = after(news('in_progress'), news('completed'));
    expect(state).toMatchObject({ answeredAt: NOW, endedAt: NOW + 1_000, durationS: 1 });
  });

  it('keeps the first end, whatever is told later', () => {
    const { state, events } = after(news('no_answer', { endedAt: START + 30_000 }), COMPLETED, news('failed'));
    expect(events).toEqual(['call.ended']);
    expect(state).toMatchObject({ status: 'no_answer', endedAt: START + 30_000, durationS: 0 });
  });

  it('learns the reason and the count of seconds from a second request about the same end', () => {
    const bare = news('completed', { occurredAt: START + 65_000 });
    const { state, events } = after(ANSWERED, bare, news('completed', { durationS: 59, endReason: 'caller hung up' }));
    expect(events).toEqual(['call.answered', 'call.ended']);
    expect(state).toEqual({ ...END, durationS: 59, endReason: 'caller hung up' });
  });

  it('ends alike whatever the order and the repetitions', () => {
    const all = [news('ringing'), ANSWERED, COMPLETED];
    for (const order of permutations([...all, ...all])) {
      const { state, events } = after(...order);
      expect(state.status).toBe('completed');
      expect(state).toMatchObject({ durationS: 60, endedAt: START + 65_000, answeredAt: START + 5_000 });
      expect(new Set(events).size).toBe(events.length);
      expect(events.slice(-2)).toEqual(['call.answered', 'call.ended']);
    }
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
