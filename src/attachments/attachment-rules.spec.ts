import { AppError } from '../common/errors/app-error';
import type { Purpose } from '../phone-numbers/phone-number';
import type { ProviderName } from '../common/provider-name';
import { type AttachFacts, checkAttach, checkDetach, purposesAgree, type RequestedNumber } from './attachment-rules';
import type { NumberRow } from './number-state';
import type { Ownership } from './ownership';

const AGENT = 'agent_a';
const OTHER = 'agent_b';
const [ONE, TWO, THREE] = ['+12025551001', '+12025551002', '+12025551003'] as const;

function row(e164: string, overrides: Partial<NumberRow> = {}): NumberRow {
  return {
    e164,
    provider: 'twilio',
    purpose: null,
    agentId: null,
    attachedAt: null,
    status: 'inactive',
    reason: null,
    provenAt: null,
    ...overrides,
  };
}

function byNumber(...rows: NumberRow[]): Map<string, NumberRow> {
  return new Map(rows.map((each) => [each.e164, each]));
}

function asked(...numbers: string[]): RequestedNumber[] {
  return numbers.map((e164, index) => ({ e164, provider: 'twilio', field: `numbers[${index}]` }));
}

function facts(overrides: Partial<AttachFacts> = {}): AttachFacts {
  return {
    agentId: AGENT,
    agent: { purpose: null },
    configured: new Set<ProviderName>(['twilio']),
    requested: asked(ONE, TWO, THREE),
    rows: byNumber(row(ONE), row(TWO), row(THREE)),
    ownership: new Map<string, Ownership>(),
    reassign: false,
    ...overrides,
  };
}

function refusal(given: AttachFacts): AppError {
  try {
    checkAttach(given);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('checkAttach', () => {
  it('passes free numbers of the account', () => {
    expect(checkAttach(facts())).toEqual([]);
  });

  it('passes numbers that the agent has already', () => {
    const rows = byNumber(row(ONE, { agentId: AGENT }), row(TWO), row(THREE));
    expect(checkAttach(facts({ rows }))).toEqual([]);
  });

  it('passes an empty wish', () => {
    expect(checkAttach(facts({ requested: [], configured: new Set() }))).toEqual([]);
  });

  it('refuses an agent that the account has not', () => {
    expect(refusal(facts({ agent: null }))).toMatchObject({
      reason: 'AGENT_NOT_FOUND',
      status: 404,
      details: [{ field: 'agent_id', value: AGENT }],
    });
  });

  it('refuses providers without credentials, each once', () => {
    const requested: RequestedNumber[] = [
      { e164: ONE, provider: 'san', field: 'numbers[0]' },
      { e164: TWO, provider: 'san', field: 'numbers[1]' },
      { e164: THREE, provider: 'telnyx', field: 'numbers[2]' },
    ];
    expect(refusal(facts({ requested }))).toMatchObject({
      reason: 'PROVIDER_NOT_CONFIGURED',
      status: 400,
      details: [
        { field: 'provider', value: 'san' },
        { field: 'provider', value: 'telnyx' },
      ],
    });
  });

  it("refuses other agents' numbers and names each", () => {
    const rows = byNumber(row(ONE, { agentId: OTHER }), row(TWO, { agentId: AGENT }), row(THREE, { agentId: OTHER }));
    expect(refusal(facts({ rows }))).toMatchObject({
      reason: 'NUMBER_ALREADY_ATTACHED',
      status: 409,
      details: [
        { field: 'numbers[0]', value: ONE },
        { field: 'numbers[2]', value: THREE },
      ],
    });
    expect(checkAttach(facts({ rows, reassign: true }))).toEqual([]);
  });

  it('does not tell which agent has a number', () => {
    const rows = byNumber(row(ONE, { agentId: OTHER }), row(TWO), row(THREE));
    expect(JSON.stringify(refusal(facts({ rows })).details)).not.toContain(OTHER);
  });

  it('asks for the ownership of what the inventory has not and nobody has looked up', () => {
    const ownership = new Map<string, Ownership>([[THREE, { kind: 'owned', providerNumberId: null }]]);
    expect(checkAttach(facts({ rows: byNumber(row(ONE)), ownership }))).toEqual([TWO]);
    expect(checkAttach(facts({ rows: byNumber() }))).toEqual([ONE, TWO, THREE]);
  });

  it('refuses what the account does not own and what is registered elsewhere, and names each', () => {
    const rows = byNumber(row(ONE), row(TWO, { provider: 'san' }));
    const ownership = new Map<string, Ownership>([[THREE, { kind: 'not_owned' }]]);
    expect(refusal(facts({ rows, ownership }))).toMatchObject({
      reason: 'NUMBER_NOT_AVAILABLE',
      status: 422,
      details: [
        { field: 'numbers[1]', value: TWO, message: 'is registered under san' },
        { field: 'numbers[2]', value: THREE, message: 'is not owned at twilio' },
      ],
    });
  });

  it('believes the inventory before a look-up', () => {
    const ownership = new Map<string, Ownership>([
      [ONE, { kind: 'not_owned' }],
      [TWO, { kind: 'unreachable', status: 504 }],
    ]);
    expect(checkAttach(facts({ ownership }))).toEqual([]);
  });

  it('refuses numbers for another purpose than the agent, and names each', () => {
    const rows = byNumber(row(ONE, { purpose: 'TEST' }), row(TWO), row(THREE, { purpose: 'TEST' }));
    expect(refusal(facts({ rows, agent: { purpose: 'PRODUCTION' } }))).toMatchObject({
      reason: 'PURPOSE_MISMATCH',
      status: 422,
      details: [
        { field: 'numbers[0]', value: ONE, message: 'is for TEST, the agent for PRODUCTION' },
        { field: 'numbers[2]', value: THREE },
      ],
    });
    expect(checkAttach(facts({ rows, agent: { purpose: 'TEST' } }))).toEqual([]);
    expect(checkAttach(facts({ rows, agent: { purpose: null } }))).toEqual([]);
  });

  it.each([502, 503, 504] as const)('tells a failed look-up as %d and names each number', (status) => {
    const ownership = new Map<string, Ownership>([
      [ONE, { kind: 'owned', providerNumberId: null }],
      [TWO, { kind: 'unreachable', status, retryAfterS: 7 }],
      [THREE, { kind: 'unreachable', status, retryAfterS: 7 }],
    ]);
    expect(refusal(facts({ rows: byNumber(), ownership }))).toMatchObject({
      reason: 'PROVIDER_UNAVAILABLE',
      status,
      retryAfterS: 7,
      message: 'The provider could not be reached; nothing was changed',
      details: [
        { field: 'numbers[1]', value: TWO },
        { field: 'numbers[2]', value: THREE },
      ],
    });
  });

  it('goes through the classes in the documented order', () => {
    const requested: RequestedNumber[] = [
      ...asked(ONE, TWO, THREE),
      { e164: '+1', provider: 'san', field: 'numbers[3]' },
    ];
    const worst = facts({
      agent: null,
      requested,
      rows: byNumber(row(ONE, { agentId: OTHER, purpose: 'TEST' }), row(TWO, { provider: 'san' })),
    });
    const steps: [string, AttachFacts][] = [];
    let left = worst;
    const mend = (reason: string, better: Partial<AttachFacts>) => {
      steps.push([reason, left]);
      left = { ...left, ...better };
    };
    mend('AGENT_NOT_FOUND', { agent: { purpose: 'PRODUCTION' } });
    mend('PROVIDER_NOT_CONFIGURED', { requested: asked(ONE, TWO, THREE) });
    mend('NUMBER_ALREADY_ATTACHED', { reassign: true });
    expect(checkAttach(left)).toEqual([THREE]);
    left = { ...left, ownership: new Map([[THREE, { kind: 'unreachable', status: 502 }]]) };
    mend('NUMBER_NOT_AVAILABLE', { rows: byNumber(row(ONE, { agentId: OTHER, purpose: 'TEST' }), row(TWO)) });
    mend('PURPOSE_MISMATCH', { agent: { purpose: null } });
    mend('PROVIDER_UNAVAILABLE', { ownership: new Map([[THREE, { kind: 'owned', providerNumberId: null }]]) });
    expect(steps.map(([, given]) => refusal(given).reason)).toEqual(steps.map(([reason]) => reason));
    expect(checkAttach(left)).toEqual([]);
  });
});

describe('checkDetach', () => {
  it('passes numbers of the agent', () => {
    expect(() =>
      checkDetach(AGENT, asked(ONE, TWO), byNumber(row(ONE, { agentId: AGENT }), row(TWO, { agentId: AGENT }))),
    ).not.toThrow();
  });

  it("names free numbers, other agents' and unknown ones alike", () => {
    const rows = byNumber(row(ONE), row(TWO, { agentId: OTHER }));
    const details = [ONE, TWO, THREE].map((value, index) => ({
      field: `numbers[${index}]`,
      value,
      message: 'is not attached to this agent',
    }));
    let caught: unknown;
    try {
      checkDetach(AGENT, asked(ONE, TWO, THREE), rows);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ reason: 'NUMBER_NOT_ATTACHED', status: 409, details });
  });
});

describe('purposesAgree', () => {
  const cases: [Purpose | null, Purpose | null, boolean][] = [
    [null, null, true],
    [null, 'TEST', true],
    ['PRODUCTION', null, true],
    ['TEST', 'TEST', true],
    ['PRODUCTION', 'PRODUCTION', true],
    ['TEST', 'PRODUCTION', false],
    ['PRODUCTION', 'TEST', false],
  ];

  it.each(cases)('%s and %s: %s', (one, other, agree) => {
    expect(purposesAgree(one, other)).toBe(agree);
  });
});
