import { detachedFrom, messageOf, statusChanges, type ToldNumber } from './number-change';

const AT = Date.UTC(2026, 10, 24, 8, 0, 1);
const NUMBER: ToldNumber = {
  e164: '+918062810341',
  provider: 'san',
  agentId: 'agent_one',
  status: 'active',
  reason: null,
  attachedAt: Date.UTC(2026, 10, 24, 8),
};

describe('messageOf', () => {
  it('tells of an attached number, ordered by the number', () => {
    expect(messageOf('acct_one', { type: 'number.attached', number: NUMBER }, AT)).toEqual({
      accountId: 'acct_one',
      agentId: 'agent_one',
      type: 'number.attached',
      orderKey: '+918062810341',
      place: 0,
      data: {
        phone_number: '+918062810341',
        provider: 'san',
        agent_id: 'agent_one',
        status: 'active',
        reason: null,
        attached_at: '2026-11-24T08:00:00.000Z',
      },
      at: AT,
    });
  });

  it('tells the former agent of a detached number, which is nobody’s then', () => {
    const { agentId, data } = messageOf('acct_one', detachedFrom('agent_other', NUMBER), AT);
    expect(agentId).toBe('agent_other');
    expect(data).toEqual({
      phone_number: '+918062810341',
      provider: 'san',
      agent_id: 'agent_other',
      status: 'inactive',
      reason: null,
      attached_at: null,
    });
  });

  it('tells of a changed status what it was before', () => {
    const [change, ...others] = statusChanges('pending', { ...NUMBER, status: 'inactive', reason: 'gone_at_provider' });
    expect(others).toEqual([]);
    expect(change && messageOf('acct_one', change, AT)).toMatchObject({
      type: 'number.status_changed',
      data: { status: 'inactive', reason: 'gone_at_provider', previous_status: 'pending' },
    });
  });
});

describe('statusChanges', () => {
  it('are none where the reason alone has changed', () => {
    const waiting: ToldNumber = { ...NUMBER, status: 'pending', reason: 'provider_unavailable' };
    expect(statusChanges('pending', waiting)).toEqual([]);
  });
});
