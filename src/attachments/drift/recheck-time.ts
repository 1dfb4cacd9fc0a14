/** Spreads numbers that were attached together over a tenth of the interval. */
const SPREAD = 0.1;

/** When a route that is settled now is read again, Unix milliseconds; `null` where that is switched off. */
export function recheckAt(nowMs: number, intervalMs: number, random: () => number = Math.random): number | null {
  return intervalMs === 0 ? null : nowMs + Math.round(intervalMs * (1 + SPREAD * random()));
}
