import type { NumberRow } from './number-state';
import { attached, attachmentChanges } from './number-transitions';

const NOW = 1_764_000_000_000;
const EARLIER = NOW - 5_000;

function row(overrides: Partial<NumberRow>): NumberRow {
  return {
    e164: '+12025551001',
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

const mine = { agentId: 'agent_a', attachedAt: EARLIER } as const;
const theirs = { agentId: 'agent_b', attachedAt: EARLIER } as const;

describe('attached, at a provider that is told', () => {
  it.each([
    ['a free number', row({}), { status: 'pending', reason: null, attachedAt: NOW, raise: true }],
    [
      "another agent's active number",
      row({ ...theirs, status: 'active' }),
      { status: 'active', reason: null, attachedAt: NOW, raise: false },
    ],
    [
      "another agent's pending number",
      row({ ...theirs, status: 'pending', reason: 'provider_unavailable' }),
      { status: 'pending', reason: 'provider_unavailable', attachedAt: NOW, raise: false },
    ],
    [
      "another agent's refused number",
      row({ ...theirs, status: 'inactive', reason: 'refused_by_provider' }),
      { status: 'pending', reason: null, attachedAt: NOW, raise: true },
    ],
    [
      "the agent's own refused number, whose time stays",
      row({ ...mine, status: 'inactive', reason: 'refused_by_provider' }),
      { status: 'pending', reason: null, attachedAt: null, raise: true },
    ],
    [
      "the agent's own number without a time",
      row({ agentId: 'agent_a', status: 'inactive' }),
      { status: 'pending', reason: null, attachedAt: NOW, raise: true },
    ],
    ["the agent's own active number", row({ ...mine, status: 'active' }), null],
    ["the agent's own pending number", row({ ...mine, status: 'pending', reason: 'provider_unavailable' }), null],
  ])('%s', (_what, given, expected) => {
    expect(attached(given, 'agent_a', NOW, true)).toEqual(expected);
  });
});

describe('attached, at a provider that is bound by hand', () => {
  const awaiting = { status: 'pending', reason: 'awaiting_first_call', raise: false };

  it.each([
    ['a number that nobody has called yet', row({}), { ...awaiting, attachedAt: NOW }],
    ['a proven number', row({ provenAt: EARLIER }), { status: 'active', reason: null, attachedAt: NOW, raise: false }],
    [
      "another agent's proven number",
      row({ ...theirs, provenAt: EARLIER, status: 'active' }),
      { status: 'active', reason: null, attachedAt: NOW, raise: false },
    ],
    [
      "another agent's unproven number",
      row({ ...theirs, status: 'pending', reason: 'awaiting_first_call' }),
      { ...awaiting, attachedAt: NOW },
    ],
    [
      "the agent's own inactive number",
      row({ ...mine, provenAt: EARLIER }),
      { status: 'active', reason: null, attachedAt: null, raise: false },
    ],
    ["the agent's own pending number", row({ ...mine, status: 'pending', reason: 'awaiting_first_call' }), null],
    ["the agent's own active number", row({ ...mine, status: 'active', provenAt: EARLIER }), null],
  ])('%s', (_what, given, expected) => {
    expect(attached(given, 'agent_a', NOW, false)).toEqual(expected);
  });
});

describe('attachmentChanges', () => {
  const number = { ...row({}), agentId: 'agent_a', status: 'pending', attachedAt: NOW } as const;
  const taken = { e164: number.e164, provider: 'twilio', status: 'inactive', reason: null, attachedAt: null };

  it('are one for a free number', () => {
    expect(attachmentChanges(row({}), number)).toEqual([{ type: 'number.attached', number }]);
  });

  it('are two for another agent’s number, that one’s first', () => {
    expect(attachmentChanges(row({ ...theirs, status: 'active' }), number)).toEqual([
      { type: 'number.detached', number: { ...taken, agentId: 'agent_b' } },
      { type: 'number.attached', number },
    ]);
  });

  it('are one for the number of an agent without a webhook', () => {
    const silent = row({ ...theirs, status: 'active', isFollowed: false });
    expect(attachmentChanges(silent, number)).toEqual([{ type: 'number.attached', number }]);
  });

  it('are those of the status for the agent’s own number', () => {
    expect(attachmentChanges(row({ ...mine, reason: 'refused_by_provider' }), number)).toEqual([
      { type: 'number.status_changed', number, previousStatus: 'inactive' },
    ]);
    expect(attachmentChanges(row({ ...mine, status: 'pending' }), number)).toEqual([]);
  });
});
