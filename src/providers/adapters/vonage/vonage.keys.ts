import { createPublicKey, generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import { ProviderError } from '../../contract/provider-error';

/** As long as Vonage's own SDK makes it, in seconds. */
const TOKEN_LIFE_S = 900;

/** A new RSA private key as PEM. */
export async function newPrivateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return privateKey;
}

/** The public half as PEM, or `null` where the text is no private key. */
export function publicKeyOf(privateKey: string): string | null {
  try {
    return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    return null;
  }
}

/**
 * The token that lets an application use the Voice API.
 * Source: https://developer.vonage.com/en/getting-started/concepts/authentication#json-web-tokens
 */
export function applicationToken(applicationId: string, privateKey: string, nowMs: number): string {
  const iat = Math.floor(nowMs / 1000);
  const claims = { application_id: applicationId, iat, exp: iat + TOKEN_LIFE_S, jti: randomUUID() };
  try {
    return jwt.sign(claims, privateKey, { algorithm: 'RS256' });
  } catch {
    throw new ProviderError('permanent', 'The private key remembered for the Vonage application is unusable');
  }
}
