import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address';

/** The `code` of the error that a connection to a private address fails with. */
export const PRIVATE_ADDRESS = 'ERR_PRIVATE_ADDRESS';

/**
 * Resolves a host for a connection, and fails it where any of the addresses is private: the check and the connection see the
 * same answer, so a DNS server that changes it in between gains nothing. Not asked for a host that is an IP address.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, found: string | LookupAddress[], family) => {
    const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
    const isRefused = !error && !addresses.every(isPublicAddress);
    callback(isRefused ? refusal() : error, found, family);
  });
};

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('the host has a private address'), { code: PRIVATE_ADDRESS });
}
