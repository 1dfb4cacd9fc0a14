import type { SoughtCall } from '../contract/call';
import { earlier, type ListedCall, type LostCall, lostCall, mayBeLost } from './lost-call';

const AT = Date.UTC(2024, 0, 15, 10, 30);
const SOUGHT: SoughtCall = {
  providerCallId: null,
  direction: 'outbound',
  ownNumber: '+15017122661',
  farEnd: '+14155551212',
  startedAt: AT,
  others: ['known'],
};
const LISTED: ListedCall = { id: 'new', from: '+15017122661', to: '+14155551212', createdAt: AT };

function lost(more: Partial<SoughtCall> = {}): LostCall {
  const found = lostCall({ ...SOUGHT, ...more });
  if (!found) throw new Error('It cannot be looked for');
  return found;
}

describe('lostCall', () => {
  it('is what we placed to somebody', () => {
    expect(lost()).toEqual({
      from: '+15017122661',
      to: '+14155551212',
      since: Date.UTC(2024, 0, 15, 10, 29),
      until: Date.UTC(2024, 0, 15, 10, 40),
      others: ['known'],
    });
  });

  it.each([{ direction: 'inbound' as const }, { farEnd: null }])('is none with %j', (more) => {
    expect(lostCall({ ...SOUGHT, ...more })).toBeNull();
  });
});

describe('mayBeLost', () => {
  it.each<Partial<ListedCall>>([
    {},
    { createdAt: AT - 60_000 },
    { createdAt: AT + 600_000 },
    { from: '15017122661', to: '14155551212' },
  ])('takes the one with %j', (more) => expect(mayBeLost({ ...LISTED, ...more }, lost())).toBe(true));

  it.each<Partial<ListedCall>>([
    { id: 'known' },
    { createdAt: AT - 60_001 },
    { createdAt: AT + 600_001 },
    { createdAt: null },
    { to: '+141555512123' },
    { to: '+1415555121' },
    { to: null },
    { from: '+14155551212', to: '+15017122661' },
    { from: 'sip:15017122661@example.com' },
  ])('leaves the one with %j alone', (more) => expect(mayBeLost({ ...LISTED, ...more }, lost())).toBe(false));

  it('compares as it is what is no number', () => {
    const sip = 'sip:alice@example.com';
    expect(mayBeLost({ ...LISTED, to: sip }, lost({ farEnd: sip }))).toBe(true);
  });
});

describe('earlier', () => {
  const one: ListedCall = { ...LISTED, id: 'one', createdAt: AT + 1 };
  const other: ListedCall = { ...LISTED, id: 'other', createdAt: AT };
  const timeless: ListedCall = { ...LISTED, id: 'timeless', createdAt: null };
  const sameTime: ListedCall = { ...other, id: 'same time' };

  it('is the first that was taken on', () => {
    expect(earlier(null, one)).toBe(one);
    expect(earlier(one, other)).toBe(other);
    expect(earlier(other, one)).toBe(other);
    expect(earlier(one, timeless)).toBe(one);
    expect(earlier(timeless, one)).toBe(one);
  });

  it('is the one that is listed later where the times are the same', () => {
    expect(earlier(other, sameTime)).toBe(sameTime);
  });
});
