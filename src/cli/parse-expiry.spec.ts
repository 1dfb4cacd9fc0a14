import { CliError } from './cli-error';
import { parseExpiry } from './parse-expiry';

const NOW = Date.UTC(2026, 10, 24, 8, 0, 0);

it.each([
  ['30m', '2026-11-24T08:30:00.000Z'],
  ['12h', '2026-11-24T20:00:00.000Z'],
  ['90d', '2027-02-22T08:00:00.000Z'],
  ['2027-01-31', '2027-01-31T00:00:00.000Z'],
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ['2027-01-31T12:00Z', '2027-01-31T12:00:00.000Z'],
  ['2027-01-31T12:00:30.250Z', '2027-01-31T12:00:30.250Z'],
  ['2027-01-31T12:00:00+05:30', '2027-01-31T06:30:00.000Z'],
])('reads %s as %s', (text, iso) => {
  expect(new Date(parseExpiry(text, NOW)).toISOString()).toBe(iso);
});

it.each([
  '',
  '90',
  'd',
  '-1d',
  '1.5h',
  '90 d',
  '2w',
  'tomorrow',
  '2027-02-29',
  '2027-13-01',
  '2027-01-31T12:00:00',
  '2027-01-31T25:00:00Z',
  '31.01.2027',
  '1800000000000',
])('refuses %j', (text) => {
  expect(() => parseExpiry(text, NOW)).toThrow(CliError);
  expect(() => parseExpiry(text, NOW)).toThrow(
    '--expires must be like 90d, 12h or 30m, or an ISO date like 2027-01-31 or 2027-01-31T12:00:00Z',
  );
});

it.each(['0d', '2026-11-24', '2026-11-24T08:00:00Z', '1999-01-01'])(
  'refuses %s, which is not in the future',
  (text) => {
    expect(() => parseExpiry(text, NOW)).toThrow('--expires must be in the future');
  },
);

it('refuses what no calendar of ours holds', () => {
  expect(() => parseExpiry('999999999d', NOW)).toThrow('--expires must be before the year 10000');
});
