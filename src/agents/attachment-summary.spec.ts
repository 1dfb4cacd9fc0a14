import type { NumberStatus } from '../phone-numbers/phone-number';
import { latestAttachment, worstStatus } from './attachment-summary';

describe('worstStatus', () => {
  const cases: [NumberStatus[], NumberStatus][] = [
    [['active'], 'active'],
    [['active', 'pending', 'active'], 'pending'],
    [['active', 'pending', 'inactive'], 'inactive'],
    [['inactive', 'active'], 'inactive'],
  ];

  it.each(cases)('of %j is %s', (statuses, expected) => {
    expect(worstStatus(statuses.map((status) => ({ status })))).toBe(expected);
  });
});

describe('latestAttachment', () => {
  it('is the greatest time of those that are attached', () => {
    expect(latestAttachment([{ attachedAt: 5 }, { attachedAt: null }, { attachedAt: 9 }, { attachedAt: 7 }])).toBe(9);
  });

  it('is null when none is attached', () => {
    expect(latestAttachment([{ attachedAt: null }, { attachedAt: null }])).toBeNull();
  });
});
