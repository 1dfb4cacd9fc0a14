const LONGEST_WAIT_MS = 600_000;

/**
 * Milliseconds to wait as a `Retry-After` header says, in seconds or as an HTTP date, within 0 and ten minutes;
 * `undefined` where there is no such header or it is neither.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}
