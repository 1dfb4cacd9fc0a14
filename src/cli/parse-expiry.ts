import { CliError } from './cli-error';

const MINUTE_MS = 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS };
const DURATION = /^(\d{1,9})([mhd])$/;
const DATE = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
const LATEST = Date.UTC(9999, 11, 31);

/**
 * Reads when a token expires: a time from now (`30m`, `12h`, `90d`) or an ISO 8601 date, by itself or with a time and
 * its offset. A date by itself is its first moment in UTC.
 * @returns Unix milliseconds
 * @throws CliError when it is neither, or not in the future
 */
export function parseExpiry(text: string, now: number): number {
  const at = parseDuration(text, now) ?? parseDate(text);
  if (at === null) {
    throw new CliError(
      '--expires must be like 90d, 12h or 30m, or an ISO date like 2027-01-31 or 2027-01-31T12:00:00Z',
    );
  }
  if (at <= now) throw new CliError('--expires must be in the future');
  if (at > LATEST) throw new CliError('--expires must be before the year 10000');
  return at;
}

function parseDuration(text: string, now: number): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit];
  return unitMs === undefined ? null : now + Number(count) * unitMs;
}

function parseDate(text: string): number | null {
  const [, day] = DATE.exec(text) ?? [];
  if (day === undefined || !isCalendarDay(day)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** JavaScript reads 30 February as 2 March. */
function isCalendarDay(day: string): boolean {
  const at = new Date(day);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}
