import { LRUCache } from 'lru-cache';
import type { StoredToken } from './token.repository';

/** How long a look-up may be used again, in milliseconds: so long a token revoked by another process may still work. */
export const MAX_AGE_MS = 5_000;
const MAX_ENTRIES = 10_000;

type Load = () => Promise<StoredToken | null>;

/**
 * Remembers for five seconds which digest is which token, and which is none. The two have room of their own, so that a
 * flood of invented tokens cannot push the real ones out, and simultaneous look-ups of one digest share one query.
 */
export class TokenCache {
  private readonly found: LRUCache<string, StoredToken>;
  private readonly absent: LRUCache<string, true>;
  private readonly loading = new Map<string, Promise<StoredToken | null>>();

  /** @param monotonic milliseconds of a clock that nobody sets back */
  constructor(private readonly monotonic: { now(): number } = performance) {
    const limits = { max: MAX_ENTRIES, ttl: MAX_AGE_MS, ttlResolution: 0, perf: monotonic };
    this.found = new LRUCache(limits);
    this.absent = new LRUCache(limits);
  }

  async get(digest: string, load: Load): Promise<StoredToken | null> {
    const token = this.found.get(digest);
    if (token) return token;
    if (this.absent.get(digest)) return null;
    return this.loading.get(digest) ?? this.look(digest, load);
  }

  /** Forgets a digest, and what a look-up that is under way is going to find. */
  drop(digest: string): void {
    this.found.delete(digest);
    this.loading.delete(digest);
  }

  private look(digest: string, load: Load): Promise<StoredToken | null> {
    // The age counts from before the query: its answer may be as old as that.
    const start = this.monotonic.now();
    const answer = load();
    this.loading.set(digest, answer);
    const settle = (token: StoredToken | null) => {
      // Dropped in the meantime, and perhaps asked again: the answer may be from before the revocation.
      if (this.loading.get(digest) !== answer) return;
      this.loading.delete(digest);
      if (token) this.found.set(digest, token, { start });
      else this.absent.set(digest, true, { start });
    };
    const fail = () => {
      if (this.loading.get(digest) === answer) this.loading.delete(digest);
    };
    answer.then(settle, fail);
    return answer;
  }
}
