import { createPrivateKey, createPublicKey, KeyObject, sign } from 'node:crypto';
import { BadInput } from '../core/input';

/** In front of the 32 bytes of a private key: https://datatracker.ietf.org/doc/html/rfc8410#section-7 */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * An account's signing key, from PEM or from base64 of its 32 bytes.
 * @throws BadInput when it is neither
 */
export function signingKeyOf(text: string, where: string): KeyObject {
  try {
    const key = text.includes('PRIVATE KEY')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.concat([PKCS8, seedOf(text)]), format: 'der', type: 'pkcs8' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, whatever is wrong with it.
  }
  throw new BadInput(`${where} must be an Ed25519 private key, as PEM or as base64 of its 32 bytes`);
}

function seedOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32) throw new Error('not 32 bytes');
  return bytes;
}

/** As Mission Control shows it: base64 of the 32 bytes. */
export function publicKeyOf(key: KeyObject): string {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
}

/** The two headers of a webhook. https://developers.telnyx.com/development/api-fundamentals/webhooks/receiving-webhooks */
export function signedHeaders(key: KeyObject, body: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signature = sign(null, Buffer.from(`${timestamp}|${body}`, 'utf8'), key);
  return { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature.toString('base64') };
}
