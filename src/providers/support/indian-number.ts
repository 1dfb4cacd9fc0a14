const INDIA = '+91';

/** An Indian number as it is dialled within India, `09876543210`; `null` for one of another country. */
export function indianTrunkForm(e164: string): string | null {
  return e164.startsWith(INDIA) ? `0${e164.slice(INDIA.length)}` : null;
}
