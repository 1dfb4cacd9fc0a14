import { SimCall } from '../core/call';

const DAY_MS = 86_400_000;
const DEFAULT_WINDOW_MS = 7 * DAY_MS;
const LONGEST_WINDOW_MS = 30 * DAY_MS;

interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * Which records a query asks for: by numbers, whole or their beginnings, by direction and by the time of the end, which is UTC.
 * Without times it is the last seven days, with one bound thirty days from or to it, and more than thirty days are refused.
 * https://docs.plivo.com/docs/voice/api/call/retrieve-all-calls
 */
export function recordFilter(
  query: URLSearchParams,
  now: number,
): { matches: (call: SimCall) => boolean } | { fault: Record<string, string> } {
  const span = spanOf(query, now);
  if (!span) return { fault: { end_time: 'must be UTC times of a range of 30 days at most' } };
  const begins = (party: string, prefix: string | null) =>
    prefix === null || party.replace(/^\+/, '').startsWith(prefix.replace(/^\+/, ''));
  const direction = query.get('call_direction');
  return {
    matches: ({ from, to, direction: of, ended_at: ended }) =>
      begins(from, query.get('from_number')) &&
      begins(to, query.get('to_number')) &&
      (direction === null || direction === of) &&
      ended !== null &&
      ended >= span.from &&
      ended <= span.until,
  };
}

/** `gt` and `gte` are alike here, as are `lt` and `lte`. */
function spanOf(query: URLSearchParams, now: number): Span | undefined {
  const given = (...names: string[]) => names.map((name) => query.get(`end_time${name}`)).find((text) => text !== null);
  const [exact, lower, upper] = [given(''), given('__gt', '__gte'), given('__lt', '__lte')];
  if (exact) return checked({ from: utc(exact), until: utc(exact) });
  if (lower && upper) return checked({ from: utc(lower), until: utc(upper) });
  if (lower) return checked({ from: utc(lower), until: utc(lower) + LONGEST_WINDOW_MS });
  if (upper) return checked({ from: utc(upper) - LONGEST_WINDOW_MS, until: utc(upper) });
  return { from: now - DEFAULT_WINDOW_MS, until: now };
}

function checked(span: Span): Span | undefined {
  return span.until - span.from <= LONGEST_WINDOW_MS ? span : undefined;
}

/** `YYYY-MM-DD HH:MM[:ss[.uuuuuu]]`; NaN for anything else. */
function utc(text: string): number {
  const isTime = /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d{1,6})?)?$/.test(text);
  return isTime ? Date.parse(`${text.replace(' ', 'T')}Z`) : Number.NaN;
}
