import { createPublicKey, verify } from 'node:crypto';
import type { SignatureVerdict, VerificationContext, WebhookRequest } from '../../contract/webhook';
import type { TelnyxCredentials } from './telnyx.credentials';

/** How far Telnyx's clock and ours may be apart, in seconds: `lib/webhooks.js` of the `telnyx` SDK */
const TOLERANCE_S = 300;
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;
/** What stands before the 32 bytes of a key: https://www.rfc-editor.org/rfc/rfc8410#section-4 */
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Ed25519 over `timestamp|body`, byte for byte; the URL is not signed, so a GET, which says all in its URL, proves nothing,
 * and the application has POST for its method. A request sent again within the tolerance carries nothing that would tell
 * it from a repeated delivery.
 * Source: `lib/webhooks.js` of the `telnyx` SDK
 */
export function verifySignature(
  { method, headers, rawBody }: WebhookRequest,
  { credentials, nowMs }: VerificationContext<TelnyxCredentials>,
): SignatureVerdict {
  const signature = headers['telnyx-signature-ed25519'];
  const timestamp = headers['telnyx-timestamp'];
  if (!signature || !timestamp) return { kind: 'rejected', why: 'unsigned' };
  const isFormed = method === 'POST' && SIGNATURE.test(signature) && /^\d{1,12}$/.test(timestamp);
  const signed = Buffer.concat([Buffer.from(`${timestamp}|`), rawBody]);
  if (!isFormed || !isSignature(Buffer.from(signature, 'base64'), signed, credentials.public_key)) {
    return { kind: 'rejected', why: 'bad_signature' };
  }
  const isFresh = Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) <= TOLERANCE_S;
  return isFresh ? { kind: 'authentic', replayId: null } : { kind: 'rejected', why: 'stale' };
}

function isSignature(signature: Buffer, signed: Buffer, publicKey: string): boolean {
  try {
    const der = Buffer.concat([ED25519_PREFIX, Buffer.from(publicKey, 'base64')]);
    return verify(null, signed, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature);
  } catch {
    return false;
  }
}
