import { createHmac, timingSafeEqual } from 'node:crypto';
import type { VerificationContext, WebhookRequest } from '../../contract/webhook';
import type { SignatureVerdict } from '../../contract/webhook';
import type { PlivoCredentials } from './plivo.credentials';

const NONCE = 'x-plivo-signature-v3-nonce';
/** By the token of the account that owns the application, and by the main account's. */
const SIGNATURES = ['x-plivo-signature-v3', 'x-plivo-signature-ma-v3'] as const;

type Parameters = ReadonlyMap<string, readonly string[]>;

/**
 * What Plivo signs: the URL, its query sorted, and sorted behind it what was posted. The question mark is there with a
 * posted body even where the URL has no query. Posted values follow their names without anything in between.
 * Sources: `dist/utils/v3Security.js` of the npm package plivo 4.79.0 and
 * https://www.plivo.com/docs/voice/concepts/signature-validation
 */
export function signedText(method: 'GET' | 'POST', url: string, body: string): string {
  const [, base = '', search = ''] = /^([^?#]*)\??([^#]*)/.exec(url) ?? [];
  const query = written(parametersOf(search), (name, value) => `${name}=${value}`).join('&');
  const posted = parametersOf(method === 'POST' ? body : '');
  if (posted.size === 0) return query === '' ? base : `${base}?${query}`;
  const fields = written(posted, (name, value) => name + value).join('');
  return `${base}?${query}${query === '' ? '' : '.'}${fields}`;
}

/** Base64 of HMAC-SHA256; the nonce is what makes each request's signature another one. */
export function plivoSignature(text: string, nonce: string, authToken: string): string {
  return createHmac('sha256', authToken).update(`${text}.${nonce}`, 'utf8').digest('base64');
}

export function verifyPlivoSignature(
  request: WebhookRequest,
  { credentials }: VerificationContext<PlivoCredentials>,
): SignatureVerdict {
  const nonce = request.headers[NONCE];
  const given = SIGNATURES.flatMap((name) => (request.headers[name] ?? '').split(',')).map((one) => one.trim());
  const signatures = given.filter((one) => one !== '');
  if (!nonce || signatures.length === 0) return { kind: 'rejected', why: 'unsigned' };
  if (request.method !== 'GET' && request.method !== 'POST') return { kind: 'rejected', why: 'bad_signature' };

  const text = signedText(request.method, request.url, request.rawBody.toString('utf8'));
  const expected = Buffer.from(plivoSignature(text, nonce, credentials.auth_token));
  const isAuthentic = signatures.some((one) => equal(Buffer.from(one), expected));
  return isAuthentic ? { kind: 'authentic', replayId: nonce } : { kind: 'rejected', why: 'bad_signature' };
}

function equal(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function parametersOf(encoded: string): Parameters {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(encoded)) {
    parameters.set(name, [...(parameters.get(name) ?? []), value]);
  }
  return parameters;
}

/** In JavaScript's own order of texts, as Plivo's SDK sorts. */
function written(parameters: Parameters, write: (name: string, value: string) => string): string[] {
  return [...parameters.keys()]
    .sort()
    .flatMap((name) => [...(parameters.get(name) ?? [])].sort().map((value) => write(name, value)));
}
