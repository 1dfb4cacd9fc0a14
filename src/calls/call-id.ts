import { createHash } from 'node:crypto';
import { ID_PREFIXES } from '../common/ids';

/** The digits that ULIDs are written in (https://www.crockford.com/base32.html), in lower case. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 26;

/**
 * What we call a call that a vendor has named: the same in every process and at every repetition of the vendor's request,
 * so that nobody has to be asked for it. Has the form of other identifiers, but tells no time.
 */
export function callIdOf(providerAccountId: string, providerCallId: string): string {
  const digest = createHash('sha256').update(`${providerAccountId}\n${providerCallId}`).digest();
  let value = digest.readBigUInt64BE(0) * 2n ** 64n + digest.readBigUInt64BE(8);
  let text = '';
  for (let place = 0; place < LENGTH; place++) {
    text = DIGITS.charAt(Number(value % 32n)) + text;
    value /= 32n;
  }
  return `${ID_PREFIXES.call}_${text}`;
}
