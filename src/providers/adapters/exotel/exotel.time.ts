/** India's, without summer time: what Exotel's examples have for "never" is `1970-01-01 05:30:00`. */
const OFFSET_MS = 19_800_000;

/** Unix milliseconds of `2017-03-03 10:48:33`, read as a time in India; `null` for what is none and for "never". */
export function fromIndianTime(text: string | null): number | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)$/.exec(text ?? '') ?? [];
  const ms = Date.parse(`${date}T${time}Z`) - OFFSET_MS;
  return Number.isNaN(ms) || ms <= 0 ? null : ms;
}

/** As `DateCreated` is filtered by. */
export function toIndianTime(ms: number): string {
  return new Date(ms + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}
