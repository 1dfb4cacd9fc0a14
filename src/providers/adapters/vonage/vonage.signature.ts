import { createHash, createSecretKey, timingSafeEqual } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { SignatureVerdict, VerificationContext, WebhookRequest } from '../../contract/webhook';
import { isRecord, type JsonRecord, textOrNull } from '../../support/json';
import type { VonageCredentials } from './vonage.credentials';

/** Vonage gives its tokens no end, so this is ours, in seconds. */
const TOLERANCE_S = 300;
const ISSUER = 'Vonage';
const BAD: SignatureVerdict = { kind: 'rejected', why: 'bad_signature' };

/**
 * The token in `Authorization`: HMAC-SHA256 with the account's signature secret, and a hash of what it came with.
 * Source: https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks
 */
export function verifyVonageWebhook(
  request: WebhookRequest,
  context: VerificationContext<VonageCredentials>,
): SignatureVerdict {
  const { authorization } = request.headers;
  if (!authorization) return { kind: 'rejected', why: 'unsigned' };
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  const claims = token === undefined ? null : claimsOf(token, context.credentials.signature_secret);
  if (!claims || !isOfAccount(claims, context) || !isAbout(claims, request)) return BAD;
  const { iat } = claims;
  if (typeof iat !== 'number') return BAD;
  if (Math.abs(context.nowMs / 1000 - iat) > TOLERANCE_S) return { kind: 'rejected', why: 'stale' };
  return { kind: 'authentic', replayId: textOrNull(claims, 'jti') };
}

/** `null` unless the token is signed with the secret, and by HMAC-SHA256 whatever its header says. */
function claimsOf(token: string, secret: string): JsonRecord | null {
  try {
    const key = createSecretKey(secret, 'utf8');
    // Whether it is too old is told apart from a bad signature later, by the caller's clock.
    const times = { ignoreExpiration: true, ignoreNotBefore: true };
    const claims: unknown = jwt.verify(token, key, { algorithms: ['HS256'], ...times });
    return isRecord(claims) ? claims : null;
  } catch {
    return null;
  }
}

function isOfAccount(claims: JsonRecord, { credentials, shared }: VerificationContext<VonageCredentials>): boolean {
  if (claims.iss !== ISSUER || claims.api_key !== credentials.api_key) return false;
  const applicationId = shared?.application_id;
  return !applicationId || claims.application_id === applicationId;
}

function isAbout(claims: JsonRecord, request: WebhookRequest): boolean {
  const claimed = textOrNull(claims, 'payload_hash');
  const payload = request.method.toUpperCase() === 'GET' ? queryJson(request.url) : request.rawBody;
  return claimed !== null && payload !== null && isHashOf(claimed, payload);
}

function isHashOf(claimed: string, payload: string | Buffer): boolean {
  const expected = Buffer.from(createHash('sha256').update(payload).digest('hex'));
  const given = Buffer.from(claimed.toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The parameters of the query in the order received, as an object without white space. */
function queryJson(url: string): string | null {
  return URL.canParse(url) ? JSON.stringify(Object.fromEntries(new URL(url).searchParams)) : null;
}
