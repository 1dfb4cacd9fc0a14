import { createHash, randomUUID } from 'node:crypto';
import { decode, JwtPayload, sign, verify } from 'jsonwebtoken';
import { publicKeyOf } from './vonage.application';

/** Of a token that does not say when it ends, in seconds: https://developer.vonage.com/en/getting-started/concepts/authentication#jwts */
const DEFAULT_LIFE_S = 900;

/** The application that a token claims to be of; nothing is proven by that. */
export function claimedApplication(token: string): string | undefined {
  const claims = claimsOf(decode(token));
  return typeof claims?.application_id === 'string' ? claims.application_id : undefined;
}

/** Whether a token is signed by the owner of the key, complete and not expired. */
export function isAuthentic(token: string, publicKeyPem: string, nowMs: number): boolean {
  const key = publicKeyOf(publicKeyPem);
  if (!key) return false;
  const now = Math.floor(nowMs / 1000);
  try {
    const claims = claimsOf(verify(token, key, { algorithms: ['RS256'], clockTimestamp: now }));
    if (typeof claims?.iat !== 'number' || typeof claims.jti !== 'string') return false;
    return claims.exp !== undefined || now - claims.iat <= DEFAULT_LIFE_S;
  } catch {
    return false;
  }
}

function claimsOf(token: string | JwtPayload | null): JwtPayload | undefined {
  return typeof token === 'object' && token !== null ? token : undefined;
}

export interface WebhookSigner {
  readonly apiKey: string;
  readonly applicationId: string;
  readonly signatureSecret: string;
}

/**
 * The token of a signed webhook.
 * https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks
 * @param payload the body; of a GET the parameters in their order, as JSON without white space
 */
export function webhookToken(signer: WebhookSigner, payload: string, nowMs: number): string {
  const claims = {
    iat: Math.floor(nowMs / 1000),
    jti: randomUUID(),
    iss: 'Vonage',
    payload_hash: createHash('sha256').update(payload).digest('hex'),
    api_key: signer.apiKey,
    application_id: signer.applicationId,
  };
  return sign(claims, signer.signatureSecret, { algorithm: 'HS256' });
}
