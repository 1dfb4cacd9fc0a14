import { createHmac, randomInt } from 'node:crypto';

export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  /** As it is sent; with GET it carries the parameters in its query. */
  readonly url: string;
  /** Those of the body; empty with GET. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface SigningTokens {
  /** Of the account, which may be a subaccount, that the call is on. */
  readonly own: string;
  /** Of the main account. */
  readonly main: string;
}

/**
 * The three headers of version 3: https://www.plivo.com/docs/voice/concepts/signature-validation and `v3Security.js` of
 * Plivo's SDK
 */
export function signatureHeaders(request: SignedRequest, { own, main }: SigningTokens): Record<string, string> {
  const nonce = Array.from({ length: 20 }, () => randomInt(10)).join('');
  const sign = (token: string) =>
    createHmac('sha256', token)
      .update(`${signedText(request)}.${nonce}`)
      .digest('base64');
  return {
    'X-Plivo-Signature-V3': sign(own),
    'X-Plivo-Signature-Ma-V3': sign(main),
    'X-Plivo-Signature-V3-Nonce': nonce,
  };
}

/**
 * The URL with its query decoded and sorted and, with a body, the sorted parameters behind it. A body leaves the `?` in place
 * even where there is no query, and puts a dot behind one.
 */
export function signedText({ method, url, parameters }: SignedRequest): string {
  const { protocol, host, pathname, searchParams } = new URL(url);
  const base = `${protocol}//${host}${pathname}`;
  const query = pairsOf(searchParams)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const hasBody = method === 'POST' && Object.keys(parameters).length > 0;
  if (!hasBody) return query === '' ? base : `${base}?${query}`;
  const body = pairsOf(Object.entries(parameters))
    .map(([name, value]) => `${name}${value}`)
    .join('');
  return `${base}?${query}${query === '' ? '' : '.'}${body}`;
}

/** By name, and by value among equal names. */
function pairsOf(pairs: Iterable<[string, string]>): [string, string][] {
  const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
  return [...pairs].sort(([name, value], [otherName, other]) => compare(name, otherName) || compare(value, other));
}
