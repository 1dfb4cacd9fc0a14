import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Callback = Parameters<LookupFunction>[2];

/**
 * Resolves a host once for all who ask for it at the same time. Node resolves on a few threads that everything in the
 * process shares, so a host whose name server is silent must not take more than one of them.
 * Source: https://nodejs.org/docs/latest-v20.x/api/dns.html#implementation-considerations
 */
export function sharedLookup(lookup: LookupFunction): LookupFunction {
  const waiting = new Map<string, Callback[]>();
  return (hostname, options, callback) => {
    const key = JSON.stringify([hostname, options.family ?? 0, options.all ?? false, options.hints ?? 0]);
    const others = waiting.get(key);
    if (others) {
      others.push(callback);
      return;
    }
    const callbacks = [callback];
    waiting.set(key, callbacks);
    lookup(hostname, options, (error, found: string | LookupAddress[], family) => {
      waiting.delete(key);
      for (const each of callbacks) each(error, found, family);
    });
  };
}
