import { type Farewell, farewellTo, isMissing, type SweptNumber, type Verdict, verdictOn } from './number-verdict';

const RUN = { syncId: 'sync_now', provider: 'twilio', startedAt: 1_000 } as const;
const NUMBER = '+12025551000';

function row(overrides: Partial<SweptNumber> = {}): SweptNumber {
  return {
    e164: NUMBER,
    provider: 'twilio',
    providerNumberId: 'PN1',
    agentId: null,
    attachedAt: null,
    status: 'inactive',
    reason: null,
    seenSync: 'sync_before',
    provenAt: null,
    routeGeneration: 0,
    confirmedGeneration: 0,
    routeDueAt: null,
    createdAt: 0,
    ...overrides,
  };
}

const ATTACHED = { agentId: 'agent_one', status: 'active' } as const;

describe('verdictOn', () => {
  it.each<[Verdict, Partial<SweptNumber>, string | null]>([
    ['unchanged', {}, 'PN1'],
    ['unchanged', ATTACHED, 'PN1'],
    ['unchanged', {}, null],
    ['unchanged', { seenSync: null }, 'PN1'],
    ['changed', {}, 'PN2'],
    ['changed', { providerNumberId: null }, 'PN1'],
    ['returned', { ...ATTACHED, status: 'inactive', reason: 'gone_at_provider' }, 'PN1'],
    ['returned', { ...ATTACHED, status: 'inactive', reason: 'gone_at_provider' }, 'PN2'],
    ['returned', { ...ATTACHED, status: 'inactive', reason: 'not_owned_at_provider' }, 'PN1'],
    ['unchanged', { ...ATTACHED, status: 'inactive', reason: 'credentials_rejected' }, 'PN1'],
    ['counted', { seenSync: 'sync_now' }, 'PN2'],
    ['other_provider', { provider: 'san' }, 'PN1'],
    ['other_provider', { provider: 'san', seenSync: 'sync_now' }, 'PN1'],
  ])('is %s for %j, listed as %s', (verdict, overrides, providerNumberId) => {
    expect(verdictOn(row(overrides), { phoneNumber: NUMBER, providerNumberId }, RUN)).toBe(verdict);
  });
});

describe('isMissing', () => {
  it.each<[boolean, Partial<SweptNumber>]>([
    [true, {}],
    [true, { seenSync: null }],
    [true, { createdAt: 999 }],
    [false, { createdAt: 1_000 }],
    [false, { seenSync: 'sync_now' }],
    [false, { provider: 'san' }],
  ])('is %s for %j', (missing, overrides) => {
    expect(isMissing(row(overrides), RUN)).toBe(missing);
  });
});

describe('farewellTo', () => {
  it.each<[Farewell, Partial<SweptNumber>]>([
    ['removed', {}],
    ['removed', { seenSync: null }],
    ['removed', { providerNumberId: null }],
    ['kept', { seenSync: null, providerNumberId: null }],
    ['kept', { routeGeneration: 2, confirmedGeneration: 1, routeDueAt: 5_000 }],
    ['removed', { routeGeneration: 2, confirmedGeneration: 1, routeDueAt: null }],
    ['deactivated', ATTACHED],
    ['deactivated', { ...ATTACHED, seenSync: null, providerNumberId: null }],
    ['deactivated', { ...ATTACHED, status: 'inactive', reason: 'not_owned_at_provider' }],
    ['deactivated', { ...ATTACHED, status: 'inactive', reason: 'gone_at_provider', routeDueAt: 5_000 }],
    ['kept', { ...ATTACHED, status: 'inactive', reason: 'gone_at_provider' }],
  ])('is %s for %j', (farewell, overrides) => {
    expect(farewellTo(row(overrides))).toBe(farewell);
  });
});
