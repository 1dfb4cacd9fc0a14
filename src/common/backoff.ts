export interface BackoffOptions {
  /** Delay before the first repeat, in milliseconds. */
  readonly baseMs: number;
  /** Upper bound of a delay before jitter, in milliseconds. */
  readonly maxMs: number;
  readonly random?: () => number;
}

/**
 * Delay in milliseconds before repeat number `attempt` (1 for the first): exponential with "equal jitter", half
 * fixed and half random, so that many rows that failed together do not come back together.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelay(attempt: number, { baseMs, maxMs, random = Math.random }: BackoffOptions): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + random() * (ceiling / 2));
}
