import { SimCall } from '../core/call';
import { recordFilter } from './plivo.call-filter';

const NOW = Date.UTC(2024, 0, 31, 12);
const DAY_MS = 86_400_000;
const CALL: SimCall = {
  id: 'call-1',
  account: 'MA',
  direction: 'outbound',
  from: '+14155550123',
  to: '+442079460958',
  status: 'completed',
  started_at: NOW - 60_000,
  answered_at: NOW - 50_000,
  ended_at: NOW,
  details: {},
  understood: null,
  exchanges: [],
};

function matches(query: string, more: Partial<SimCall> = {}): boolean {
  const filter = recordFilter(new URLSearchParams(query), NOW);
  if ('fault' in filter) throw new Error(JSON.stringify(filter.fault));
  return filter.matches({ ...CALL, ...more });
}

// https://docs.plivo.com/docs/voice/api/call/retrieve-all-calls
describe('the filter of records', () => {
  it.each([
    'from_number=14155550123',
    'from_number=1415&to_number=44',
    'call_direction=outbound',
    'end_time=2024-01-31 12:00',
    'end_time__gte=2024-01-31 11:59:59.5&end_time__lte=2024-01-31 12:00:00',
    'end_time__gt=2024-01-02 12:00:00',
  ])('lets a call through for %s', (query) => expect(matches(query)).toBe(true));

  it.each([
    'from_number=442079460958',
    'to_number=4420794609581',
    'call_direction=inbound',
    'end_time__gt=2024-01-31 12:00:01',
    'end_time__lt=2024-01-31 11:59',
  ])('holds it back for %s', (query) => expect(matches(query)).toBe(false));

  it('looks back seven days, or thirty from or to a bound', () => {
    expect(matches('', { ended_at: NOW - 7 * DAY_MS })).toBe(true);
    expect(matches('', { ended_at: NOW - 7 * DAY_MS - 1 })).toBe(false);
    expect(matches('end_time__gte=2023-12-31 12:00', { ended_at: NOW })).toBe(false);
    expect(matches('end_time__lte=2024-01-31 12:00', { ended_at: NOW - 30 * DAY_MS })).toBe(true);
    expect(matches('end_time__lte=2024-01-31 12:00', { ended_at: NOW - 30 * DAY_MS - 1 })).toBe(false);
  });

  it.each(['end_time__gte=2023-12-31 11:00&end_time__lte=2024-01-31 12:00', 'end_time=yesterday', 'end_time__gt=2024'])(
    'refuses %s',
    (query) => expect(recordFilter(new URLSearchParams(query), NOW)).toHaveProperty('fault.end_time'),
  );
});
