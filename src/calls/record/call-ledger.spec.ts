import type { Call } from '../call';
import { callIdOf } from '../call-id';
import type { CallNews } from '../call-state';
import type { CallChange, CallHeardOf, CallStarted } from './call-change';
import { CallLedger } from './call-ledger';

const START = 1_764_000_000_000;
const NOW = START + 60_000;
const PROVIDER_ACCOUNT = 'pa_1';
const NAME = 'CA1';

const CALL: Call = {
  callId: callIdOf(PROVIDER_ACCOUNT, NAME),
  accountId: 'acct_1',
  direction: 'inbound',
  status: 'initiated',
  agentId: 'agent_1',
  e164: '+12025550123',
  farEnd: '+12025550147',
  provider: 'twilio',
  providerAccountId: PROVIDER_ACCOUNT,
  providerCallId: NAME,
  startedAt: START,
  answeredAt: null,
  endedAt: null,
  durationS: null,
  endReason: null,
  metadata: null,
};

const started = (call: Partial<Call> = {}, holdsSlot = true): CallStarted => ({
  kind: 'started',
  call: { ...CALL, ...call },
  holdsSlot,
  verdict: 'routed',
});

function heard(status: CallNews['status'], about: Partial<CallHeardOf> = {}): CallHeardOf {
  return {
    kind: 'heard_of',
    callId: null,
    accountId: 'acct_1',
    provider: 'twilio',
    providerAccountId: PROVIDER_ACCOUNT,
    about: { providerCallIds: [NAME], direction: 'inbound', from: CALL.farEnd, to: CALL.e164 },
    news: { status, occurredAt: START + 10_000, answeredAt: null, endedAt: null, durationS: null, endReason: null },
    ...about,
  };
}

function ledgerOf(stored: readonly Call[], ...changes: CallChange[]): CallLedger {
  const ledger = new CallLedger(
    stored.map((call) => ({ call, holdsSlot: true })),
    NOW,
  );
  for (const change of changes) ledger.apply(change);
  return ledger;
}

const typesOf = ({ events }: CallLedger) => events.map(({ type }) => type);

describe('CallLedger', () => {
  it('begins a call, counts it and tells of it', () => {
    const ledger = ledgerOf([], started());
    expect(ledger.inserts).toMatchObject([{ call: CALL, holdsSlot: true }]);
    expect(ledger.updates).toEqual([]);
    expect(ledger.slotChanges).toEqual([{ accountId: 'acct_1', e164: '+12025550123', by: 1 }]);
    expect(typesOf(ledger)).toEqual(['call.initiated']);
  });

  it('begins a call once, however often its provider asks', () => {
    expect(ledgerOf([], started(), started()).slotChanges).toMatchObject([{ by: 1 }]);
    const again = ledgerOf([CALL], started());
    expect([again.inserts, again.updates, again.slotChanges, again.events]).toEqual([[], [], [], []]);
  });

  it('gives the slot back at the end, once', () => {
    const ledger = ledgerOf([CALL], heard('completed'), heard('completed'), heard('failed'));
    expect(ledger.updates).toMatchObject([{ call: { status: 'completed' }, holdsSlot: false }]);
    expect(ledger.slotChanges).toEqual([{ accountId: 'acct_1', e164: '+12025550123', by: -1 }]);
    expect(typesOf(ledger)).toEqual(['call.answered', 'call.ended']);
  });

  it('counts nothing for a call that holds no slot', () => {
    const ledger = ledgerOf([], started({}, false), heard('completed'));
    expect(ledger.slotChanges).toEqual([]);
    expect(ledger.inserts).toMatchObject([{ call: { status: 'completed' }, holdsSlot: false }]);
  });

  it('writes a call that begins and ends at once as one row, and tells of all of it in order', () => {
    const ledger = ledgerOf([], started(), heard('in_progress'), heard('completed'));
    expect(ledger.inserts).toHaveLength(1);
    expect(ledger.updates).toEqual([]);
    expect(ledger.slotChanges).toEqual([]);
    expect(typesOf(ledger)).toEqual(['call.initiated', 'call.answered', 'call.ended']);
  });

  it('tells of each step as the call was then', () => {
    const [initiated, answered, ended] = ledgerOf([], started(), heard('completed')).events;
    expect(initiated?.call).toEqual(CALL);
    expect(answered?.call).toMatchObject({ status: 'in_progress', endedAt: null, durationS: null });
    expect(ended?.call).toMatchObject({ status: 'completed', endedAt: START + 10_000 });
  });

  it('tells that a rejected call began and ended', () => {
    const rejected = started({ status: 'busy', endedAt: START, durationS: 0, endReason: 'over_limit' }, false);
    const ledger = ledgerOf([], rejected);
    expect(typesOf(ledger)).toEqual(['call.initiated', 'call.ended']);
    expect(ledger.events[0]?.call).toEqual(CALL);
    expect(ledger.inserts).toMatchObject([{ call: { status: 'busy', endReason: 'over_limit' } }]);
  });

  it('finds a placed call by our identifier, by the name it was placed under and by its later names', () => {
    const placed: Call = { ...CALL, callId: 'call_placed', direction: 'outbound', providerCallId: 'request-1' };
    const about = { providerCallIds: ['leg-1', 'request-1'], direction: 'outbound', from: null, to: null } as const;
    const ledger = ledgerOf([placed], heard('ringing', { about }));
    expect(ledger.updates).toMatchObject([
      { call: { callId: 'call_placed', providerCallId: 'leg-1', status: 'ringing' } },
    ]);
    ledger.apply(heard('in_progress', { about: { ...about, providerCallIds: ['leg-1'] } }));
    expect(ledger.updates).toMatchObject([{ call: { callId: 'call_placed', status: 'in_progress' } }]);
    const other = { ...about, providerCallIds: ['leg-2'] } as const;
    expect(ledger.isUnknown(heard('completed', { about: other }))).toBe(true);
    expect(ledger.isUnknown(heard('completed', { about: other, callId: 'call_placed' }))).toBe(false);
  });

  it('believes no provider account about a call of another', () => {
    const news = heard('completed', { callId: CALL.callId, providerAccountId: 'pa_2' });
    const ledger = ledgerOf([CALL], news);
    expect(ledger.isUnknown(news)).toBe(true);
    expect(ledger.updates).toEqual([]);
    expect(ledgerOf([CALL], heard('completed', { providerAccountId: 'pa_2' })).updates).toEqual([]);
  });

  it('sums up the counts of a number, and lists numbers in the order in which they are locked', () => {
    const two = { callId: 'call_2', providerCallId: 'CA2', e164: '+12025550199' };
    const three = { callId: 'call_3', providerCallId: 'CA3' };
    const ledger = ledgerOf([], started(two), started(three), started({ callId: 'call_4', providerCallId: 'CA4' }));
    expect(ledger.slotChanges).toEqual([
      { accountId: 'acct_1', e164: '+12025550123', by: 2 },
      { accountId: 'acct_1', e164: '+12025550199', by: 1 },
    ]);
  });
});
