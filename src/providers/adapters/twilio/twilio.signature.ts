import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import type { SignatureVerdict, VerificationContext, WebhookRequest } from '../../contract/webhook';
import type { TwilioCredentials } from './twilio.credentials';
import { formOf, isForm, queryOf } from './twilio.form';

const SIGNATURE = 'x-twilio-signature';
/**
 * Comes with webhooks that a rule of the account has signed with a key of their own, which nobody has given us.
 * Source: https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys
 */
const OTHER_KEY = 'x-twilio-webhooks-signature-settings';

/**
 * `X-Twilio-Signature`: HMAC-SHA1 with the auth token over the URL and whatever was posted. Has neither a time nor a
 * nonce, so a replay cannot be told.
 * Sources: https://www.twilio.com/docs/usage/security#validating-requests and `lib/webhooks/webhooks.js` of twilio 6.2.0
 */
export function verifySignature(
  request: WebhookRequest,
  { credentials }: VerificationContext<TwilioCredentials>,
): SignatureVerdict {
  const signature = request.headers[SIGNATURE];
  if (!signature) return { kind: 'rejected', why: 'unsigned' };
  const posted = signedBody(request);
  const isAuthentic =
    posted !== null &&
    request.headers[OTHER_KEY] === undefined &&
    isSigned(signature, credentials.auth_token, request.url, posted);
  return isAuthentic ? { kind: 'authentic', replayId: null } : { kind: 'rejected', why: 'bad_signature' };
}

/** The URL as it is, which is nearly always the one, before any other spelling of it is made up. */
function isSigned(signature: string, token: string, url: string, posted: string): boolean {
  const fits = (spelling: string) => isEqual(signature, hmac(token, spelling + posted));
  return fits(url) || signedSpellings(url).some(fits);
}

function hmac(token: string, text: string): string {
  return createHmac('sha1', token).update(text, 'utf8').digest('base64');
}

/**
 * What of the body is signed behind the URL; `null` for a body that no signature covers. A form is covered field by
 * field, any other body by its digest in the URL, and a GET has only its URL.
 */
function signedBody(request: WebhookRequest): string | null {
  if (request.method === 'GET') return '';
  if (request.method !== 'POST') return null;
  const digest = new URLSearchParams(queryOf(request)).get('bodySHA256');
  if (digest !== null) return isEqual(digest, createHash('sha256').update(request.rawBody).digest('hex')) ? '' : null;
  if (isForm(request)) return signedFields(formOf(request));
  return request.rawBody.length === 0 ? '' : null;
}

/** Names in the order of their UTF-16 units, each in front of each of its different values in the same order. */
function signedFields(form: URLSearchParams): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of form) {
    const known = values.get(name);
    if (known) known.add(value);
    else values.set(name, new Set([value]));
  }
  let signed = '';
  for (const name of [...values.keys()].sort()) {
    for (const value of [...(values.get(name) ?? [])].sort()) signed += name + value;
  }
  return signed;
}

/**
 * Twilio signs its own spelling of the URL: with or without the port, and with characters escaped in one of two ways.
 * The spellings are those that Twilio's own validator tries.
 */
function signedSpellings(url: string): string[] {
  const normal = URL.canParse(url) ? new URL(url).href : url;
  const spellings = [url, normal].flatMap((spelling) => [withoutPort(spelling), withPort(spelling)]);
  return [...new Set([...spellings, ...spellings.slice(2).map(withLegacyQuery)])];
}

interface UrlParts {
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly port: string;
  readonly rest: string;
}

/** Cut by hand, since `URL` would also escape. */
function split(url: string): UrlParts | null {
  const [, scheme, user, host, port, rest] =
    /^([a-z][a-z\d+.-]*:\/\/)((?:[^/?#]*@)?)(\[[^/?#]*\]|[^/?#:]*)((?::[^/?#]*)?)(.*)$/is.exec(url) ?? [];
  if (scheme === undefined || user === undefined || host === undefined || port === undefined) return null;
  return { scheme, user, host, port, rest: rest ?? '' };
}

function withoutPort(url: string): string {
  const parts = split(url);
  return parts ? `${parts.scheme}${parts.user}${parts.host}${parts.rest}` : url;
}

function withPort(url: string): string {
  const parts = split(url);
  if (!parts || parts.port) return url;
  const port = parts.scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return `${parts.scheme}${parts.user}${parts.host}${port}${parts.rest}`;
}

/** Half a character, which `stringify` does not take, is signed as the one that stands in its place in UTF-8. */
function withLegacyQuery(url: string): string {
  const [path, query] = [url.replace(/\?.*$/s, ''), url.slice(url.indexOf('?') + 1)];
  return url.includes('?') && query !== '' ? `${path}?${stringify(parse(query.toWellFormed()))}` : url;
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
