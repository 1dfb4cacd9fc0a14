import { createHash, randomBytes } from 'node:crypto';

const RANDOM_BYTES = 32;
const PATTERN = /^pb_[A-Za-z0-9_-]{43}$/;

/** A new token: `pb_` and 32 random bytes in base64url (43 characters). It is shown once and kept nowhere. */
export function newApiToken(): string {
  return `pb_${randomBytes(RANDOM_BYTES).toString('base64url')}`;
}

/** Whether a text has the form of a token; what has not cannot be one and needs no look-up. */
export function isApiToken(text: string): boolean {
  return PATTERN.test(text);
}

/**
 * The SHA-256 digest, in hex, under which a token is stored and found. A slow, salted hash is for secrets that people
 * choose: it makes guessing dear. 256 random bits cannot be guessed at any speed, so a fast hash loses nothing here and
 * keeps look-up by index possible.
 * Source: https://pages.nist.gov/800-63-3/sp800-63b.html, 5.1.2.2 (look-up secrets of 112 bits or more)
 */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
