import type { CallReport } from '../../providers/contract/call';
import { ProviderError } from '../../providers/contract/provider-error';
import type { Call } from '../call';
import type { CallCheck } from './call-check';
import { decide, type DecisionContext } from './check-decision';

const START = 1_764_000_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The default of CALL_CHECK_S. */
const PATIENCE = 10 * MINUTE;

const OUTBOUND: Call = {
  callId: 'call_1',
  accountId: 'acct_1',
  direction: 'outbound',
  status: 'initiated',
  agentId: 'agent_1',
  e164: '+12025550123',
  farEnd: '+12025550147',
  provider: 'twilio',
  providerAccountId: 'pa_1',
  providerCallId: null,
  startedAt: START,
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
  metadata: null,
};
const KNOWN: Call = { ...OUTBOUND, providerCallId: 'CA1' };
const ANSWERED: Call = { ...KNOWN, status: 'in_progress', answeredAt: START + 5 * SECOND };

const FOUND = {
  kind: 'found',
  providerCallId: 'CA1',
  status: 'in_progress',
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
} as const satisfies CallReport;

function checkOf(call: Call, dueAt = START + PATIENCE, isFirstLook = true): CallCheck {
  return { call, claim: 'clm_1', claimedUntil: dueAt + 35 * SECOND, dueAt, isFirstLook };
}

/** @param age of the call */
function at(age: number, other: Partial<DecisionContext> = {}): DecisionContext {
  return { now: START + age, patienceMs: PATIENCE, random: 0, ...other };
}

const reported = (report: CallReport) => ({ kind: 'reported', report }) as const;
const ABSENT = reported({ kind: 'absent' });
const UNTOLD = reported({ kind: 'untold' });
const failure = (error: unknown) => ({ kind: 'failed', error }) as const;

describe('decide, where the vendor has found the call', () => {
  it('hands on what it tells', () => {
    const report = { ...FOUND, status: 'busy', endedAt: START + MINUTE, endReason: 'user_busy' } as const;
    expect(decide(checkOf(OUTBOUND), reported(report), at(PATIENCE))).toEqual({
      kind: 'news',
      outcome: 'ended',
      providerCallId: 'CA1',
      news: {
        status: 'busy',
        occurredAt: null,
        answeredAt: null,
        endedAt: START + MINUTE,
        durationS: null,
        endReason: 'user_busy',
      },
    });
  });

  it('tells a call that goes on from one that has ended', () => {
    expect(decide(checkOf(KNOWN), reported(FOUND), at(PATIENCE))).toMatchObject({ outcome: 'under_way' });
    const ringing = { ...FOUND, status: 'ringing' } as const;
    expect(decide(checkOf(KNOWN), reported(ringing), at(PATIENCE))).toMatchObject({ outcome: 'under_way' });
  });

  it('works out the time of the end from the answer and the seconds', () => {
    const report = { ...FOUND, status: 'completed', answeredAt: START + 7 * SECOND, durationS: 42 } as const;
    const decision = decide(checkOf(ANSWERED), reported(report), at(PATIENCE));
    expect(decision).toMatchObject({ news: { endedAt: START + 49 * SECOND, durationS: 42 } });
  });

  it('believes nobody that a call goes on for more than a day', () => {
    expect(decide(checkOf(ANSWERED), reported(FOUND), at(24 * HOUR - 1))).toMatchObject({ outcome: 'under_way' });
    expect(decide(checkOf(ANSWERED), reported(FOUND), at(24 * HOUR))).toMatchObject({
      outcome: 'end_unknown',
      news: { status: 'completed', endedAt: START + 24 * HOUR, endReason: 'end_unknown' },
    });
  });
});

describe('decide, where the vendor has no such call', () => {
  it('looks for a call that it never named again within half a minute, for two minutes', () => {
    expect(decide(checkOf(OUTBOUND), ABSENT, at(2 * MINUTE - 1))).toEqual({
      kind: 'later',
      outcome: 'not_listed',
      at: START + 2 * MINUTE - 1 + 15 * SECOND,
    });
    const latest = decide(checkOf(OUTBOUND), ABSENT, at(SECOND, { random: 0.999_999 }));
    expect(latest).toMatchObject({ at: START + 31 * SECOND });
  });

  it('takes it then for one that was not placed', () => {
    expect(decide(checkOf(OUTBOUND), ABSENT, at(2 * MINUTE))).toMatchObject({
      kind: 'news',
      outcome: 'not_placed',
      providerCallId: null,
      news: { status: 'failed', endedAt: START + 2 * MINUTE, endReason: 'not_placed' },
    });
  });

  it('ends one that it has named, at the time of the last news', () => {
    const check = checkOf(ANSWERED, START + 15 * MINUTE);
    expect(decide(check, ABSENT, at(16 * MINUTE))).toMatchObject({
      outcome: 'end_unknown',
      news: { status: 'completed', endedAt: START + 5 * MINUTE, durationS: null, endReason: 'end_unknown' },
    });
    expect(decide(checkOf(KNOWN), ABSENT, at(PATIENCE))).toMatchObject({
      outcome: 'end_unknown',
      news: { status: 'failed', endedAt: START, endReason: 'end_unknown' },
    });
  });

  it('does not take the time of an earlier look for one of news', () => {
    const check = checkOf(ANSWERED, START + 3 * HOUR, false);
    expect(decide(check, ABSENT, at(3 * HOUR))).toMatchObject({ news: { endedAt: START + 5 * SECOND } });
  });

  it('ends none before its answer, and none later than now', () => {
    expect(decide(checkOf(ANSWERED, START + SECOND), ABSENT, at(HOUR))).toMatchObject({
      news: { endedAt: START + 5 * SECOND },
    });
    expect(decide(checkOf(ANSWERED, START + 9 * HOUR), ABSENT, at(HOUR))).toMatchObject({
      news: { endedAt: START + HOUR },
    });
  });

  it('does not take a call that came in for one that was not placed', () => {
    const inbound: Call = { ...OUTBOUND, direction: 'inbound' };
    expect(decide(checkOf(inbound), ABSENT, at(PATIENCE))).toMatchObject({ outcome: 'end_unknown' });
  });
});

describe('decide, where nobody tells', () => {
  it('looks once an hour, and ends the call when it is four hours old', () => {
    expect(decide(checkOf(KNOWN), UNTOLD, at(PATIENCE))).toEqual({
      kind: 'later',
      outcome: 'untold',
      at: START + PATIENCE + HOUR,
    });
    expect(decide(checkOf(KNOWN), UNTOLD, at(3.5 * HOUR))).toMatchObject({ at: START + 4 * HOUR });
    expect(decide(checkOf(KNOWN), UNTOLD, at(4 * HOUR))).toMatchObject({ outcome: 'end_unknown' });
  });

  it('ends a call whose process is gone when it was last seen, a minute before it was missed', () => {
    const missedAt = START + 10 * MINUTE;
    const context = at(11 * MINUTE, { patienceMs: MINUTE });
    expect(decide(checkOf(ANSWERED, missedAt), { kind: 'lost' }, context)).toMatchObject({
      outcome: 'connection_lost',
      news: { status: 'completed', endedAt: START + 9 * MINUTE, endReason: 'connection_lost' },
    });
    expect(decide(checkOf(ANSWERED, START + MINUTE), { kind: 'lost' }, context)).toMatchObject({
      news: { endedAt: START + 5 * SECOND },
    });
    expect(decide(checkOf(KNOWN, START + MINUTE), { kind: 'lost' }, context)).toMatchObject({
      news: { status: 'failed', endedAt: START },
    });
  });

  it('ends the calls of a provider account that is deleted', () => {
    const decision = decide(checkOf(ANSWERED), { kind: 'unconfigured' }, at(PATIENCE));
    expect(decision).toMatchObject({ outcome: 'end_unknown', news: { status: 'completed' } });
  });
});

describe('decide, where the vendor cannot be asked', () => {
  const transient = failure(new ProviderError('transient', 'x'));

  it.each([
    // An eighth of the age, at least a quarter of a minute and at most five.
    [MINUTE, 15 * SECOND],
    [10 * MINUTE, 75 * SECOND],
    [HOUR, 5 * MINUTE],
  ])('asks again for a call of %d ms after %d ms', (age, wait) => {
    expect(decide(checkOf(KNOWN), transient, at(age))).toEqual({
      kind: 'later',
      outcome: 'unreachable',
      at: START + age + wait,
    });
  });

  it('spreads the calls that failed together', () => {
    const decision = decide(checkOf(KNOWN), transient, at(10 * MINUTE, { random: 0.5 }));
    expect(decision).toMatchObject({ at: START + 10 * MINUTE + 112_500 });
  });

  it('asks no sooner than it is told to', () => {
    const limited = failure(new ProviderError('rate_limited', 'x', { retryAfterMs: 20 * MINUTE }));
    expect(decide(checkOf(KNOWN), limited, at(MINUTE))).toMatchObject({ at: START + 21 * MINUTE });
  });

  it('asks once an hour where it is refused', () => {
    for (const kind of ['permanent', 'credentials_rejected', 'not_owned'] as const) {
      const decision = decide(checkOf(KNOWN), failure(new ProviderError(kind, 'x')), at(MINUTE));
      expect(decision).toEqual({ kind: 'later', outcome: 'refused', at: START + HOUR + MINUTE });
    }
  });

  it('takes what no adapter foresaw for a passing fault', () => {
    expect(decide(checkOf(KNOWN), failure(new Error('x')), at(MINUTE))).toMatchObject({ outcome: 'unreachable' });
  });

  it('gives up after a day, whatever the fault', () => {
    const refused = failure(new ProviderError('permanent', 'x'));
    expect(decide(checkOf(KNOWN), refused, at(23.5 * HOUR))).toMatchObject({ at: START + 24 * HOUR });
    for (const finding of [refused, transient]) {
      expect(decide(checkOf(KNOWN), finding, at(24 * HOUR))).toMatchObject({
        outcome: 'end_unknown',
        news: { status: 'failed', endReason: 'end_unknown' },
      });
    }
  });
});
