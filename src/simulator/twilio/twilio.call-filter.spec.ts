import { SimCall } from '../core/call';
import { callFilter } from './twilio.call-filter';

const CALL: SimCall = {
  id: 'CA1',
  account: 'AC1',
  direction: 'outbound',
  from: '+12025551234',
  to: '+442071838750',
  status: 'completed',
  started_at: Date.UTC(2009, 6, 6, 23, 59, 50),
  answered_at: Date.UTC(2009, 6, 7, 0, 0, 5),
  ended_at: Date.UTC(2009, 6, 7, 0, 1, 0),
  details: {},
  understood: null,
  exchanges: [],
};

function finds(query: string, call: SimCall = CALL): boolean {
  const filter = callFilter(new URLSearchParams(query));
  if ('error' in filter) throw new Error(filter.error.message);
  return filter.test(call);
}

describe('callFilter', () => {
  it.each([
    ['StartTime=2009-07-07', true],
    ['StartTime=2009-07-06', false],
    ['StartTime>=2009-07-07', true],
    ['StartTime>=2009-07-08', false],
    ['StartTime<=2009-07-08', true],
    ['StartTime<=2009-07-07', false],
    ['StartTime>=2009-07-07T00:00:05Z', true],
    ['StartTime>=2009-07-07T00:00:06Z', false],
    ['EndTime>=2009-07-07T00:01:00Z&EndTime<=2009-07-07T00:01:00Z', true],
    ['EndTime>=2009-07-07T00:01:01Z', false],
    ['Status=completed&From=%2B12025551234&To=%2B442071838750', true],
    ['Status=busy', false],
    ['From=%2B1202555123', false],
    ['To=&StartTime=', true],
  ])('%s: %j', (query, expected) => expect(finds(query)).toBe(expected));

  it('finds a call that is queued by no time', () => {
    const queued: SimCall = { ...CALL, status: 'queued', answered_at: null, ended_at: null };
    expect(finds('StartTime>=1970-01-01', queued)).toBe(false);
    expect(finds('EndTime>=1970-01-01', queued)).toBe(false);
    expect(finds('Status=queued', queued)).toBe(true);
  });

  it.each(['StartTime=today', 'EndTime>=2009-13-01', 'StartTime<=06/07/2009'])('refuses %s', (query) => {
    expect(callFilter(new URLSearchParams(query))).toMatchObject({ error: { status: 400 } });
  });
});
