/** Exotel's times have no zone; those of its examples for "never" (1970-01-01 05:30:00) show that they are India's. */
const INDIA_MS = 19_800_000;

/** `YYYY-MM-DD HH:mm:ss`, or `null` for a time that has not come. */
export function exotelTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms + INDIA_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Unix milliseconds; `null` where it is no such time. */
export function msFromExotelTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null;
  const ms = Date.parse(`${text.replace(' ', 'T')}Z`) - INDIA_MS;
  return Number.isNaN(ms) ? null : ms;
}

/** As `Created` has it: `Tue, 16 Feb 2016 15:56:26`. */
export function exotelCreated(ms: number): string {
  return new Date(ms + INDIA_MS).toUTCString().replace(/ GMT$/, '');
}
