import { randomBytes } from 'node:crypto';

const BYTES = 32;
/** As many bytes as base64url, https://www.rfc-editor.org/rfc/rfc4648#section-5, without padding. */
const PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** The secret part of a provider account's inbound URL. */
export function newInboundKey(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** Whether a text has the form of one; what has not cannot exist and needs no look-up. */
export function isInboundKey(text: string): boolean {
  return PATTERN.test(text);
}
