import { timingSafeEqual } from 'node:crypto';
import type { SignatureVerdict, VerificationContext, WebhookRequest } from '../../contract/webhook';
import { basicAuth } from '../../support/basic-auth';
import type { BandwidthCredentials } from './bandwidth.credentials';
import { madeOf } from './bandwidth.shared';

/**
 * Bandwidth signs nothing, but sends the user and password that were given to the application or with the call: 256
 * random bits that nobody else was told.
 * Source: `CallbackCreds` in https://dev.bandwidth.com/docs/account/applications
 */
export function verifyCallback(
  request: WebhookRequest,
  { shared }: VerificationContext<BandwidthCredentials>,
): SignatureVerdict {
  const given = request.headers.authorization?.replace(/^basic +/i, 'Basic ');
  if (!given) return { kind: 'rejected', why: 'unsigned' };
  const { callback } = madeOf(shared);
  const isRight = callback !== undefined && sameText(given, basicAuth(callback.user, callback.password));
  return isRight ? { kind: 'authentic', replayId: null } : { kind: 'rejected', why: 'bad_signature' };
}

function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8')];
  return left.length === right.length && timingSafeEqual(left, right);
}
