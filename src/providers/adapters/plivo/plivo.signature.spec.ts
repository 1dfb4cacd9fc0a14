import { validateV3Signature } from 'plivo';
import type { SignatureVerdict, WebhookRequest } from '../../contract/webhook';
import { credentials } from './plivo.fixture';
import { plivoSignature, signedText } from './plivo.signature';
import { plivoWebhook } from './plivo.webhook';

const TOKEN = 'my_auth_token';
const NONCE = '12345';

interface Given {
  readonly method?: string;
  readonly url: string;
  readonly body?: string;
  readonly headers?: Record<string, string | undefined>;
}

function requestOf({ method = 'POST', url, body = '', headers = {} }: Given): WebhookRequest {
  const own = { 'content-type': 'application/x-www-form-urlencoded', 'x-plivo-signature-v3-nonce': NONCE };
  return { method, url, headers: { ...own, ...headers }, rawBody: Buffer.from(body) };
}

function verdict(given: Given, token = TOKEN): SignatureVerdict {
  const context = { credentials: { ...credentials(), auth_token: token }, shared: null, nowMs: 0 };
  return plivoWebhook.verify(requestOf(given), context);
}

const signed = (signature: string) => ({ 'x-plivo-signature-v3': signature });
const AUTHENTIC = { kind: 'authentic', replayId: NONCE };
const BAD = { kind: 'rejected', why: 'bad_signature' };

/**
 * Signatures made with `validateV3Signature` of the npm package plivo 4.79.0, token `my_auth_token`, nonce `12345`.
 * The strings are what the package's algorithm signs.
 */
const VECTORS = [
  {
    what: 'a query and a body',
    method: 'POST',
    url: 'https://example.com/answer?agent=7&b=x',
    body: 'CallUUID=abc-1&From=14155550100&To=14155550123&CallStatus=ringing',
    text: 'https://example.com/answer?agent=7&b=x.CallStatusringingCallUUIDabc-1From14155550100To14155550123',
    signature: '1YTzSDemhRy08xYXpbbGOV94jRM9i0eAxa27+MpCBpg=',
  },
  {
    what: 'a body alone, whose question mark stays',
    method: 'POST',
    url: 'https://example.com/answer',
    body: 'CallUUID=abc-1&From=14155550100',
    text: 'https://example.com/answer?CallUUIDabc-1From14155550100',
    signature: 'sBrd59Wz4/LcGhYFm3XShimRzx3ADNNzfDPypeV6pbY=',
  },
  {
    what: 'a GET',
    method: 'GET',
    url: 'https://example.com/answer?z=1&CallUUID=abc-1',
    body: '',
    text: 'https://example.com/answer?CallUUID=abc-1&z=1',
    signature: '3jhpziLQqR8f/5X/ysEE8RgXGgclsvywfb5DYyaefjk=',
  },
  {
    // By the package outside Jest, in whose realm it does not know Node's lists for lists.
    what: 'a name twice in the query, decoded and sorted',
    method: 'POST',
    url: 'https://example.com/answer?x=a%20b&y=%26&x=A',
    body: 'From=%2B1415&CallerName=J%C3%B6rg+%F0%9F%98%80',
    text: 'https://example.com/answer?x=A&x=a b&y=&.CallerNameJörg 😀From+1415',
    signature: 'NH3SjRDDgY1+YITfq4bjdDWR1agTWSFHYAcybDopWP4=',
  },
] as const;

describe('the signature of Plivo', () => {
  it.each(VECTORS)('is known for $what', ({ method, url, body, text, signature }) => {
    expect(signedText(method, url, body)).toBe(text);
    expect(verdict({ method, url, body, headers: signed(signature) })).toEqual(AUTHENTIC);
  });

  const [POSTED, BARE] = VECTORS;
  const posted = (more: Partial<Given> = {}, token?: string) =>
    verdict({ url: POSTED.url, body: POSTED.body, headers: signed(POSTED.signature), ...more }, token);

  it('is taken from the main account’s header as well, and from among several', () => {
    expect(posted({ headers: { 'x-plivo-signature-ma-v3': POSTED.signature } })).toEqual(AUTHENTIC);
    expect(posted({ headers: signed(`${BARE.signature},${POSTED.signature}`) })).toEqual(AUTHENTIC);
    expect(posted({ headers: signed(`${BARE.signature}, ${POSTED.signature}`) })).toEqual(AUTHENTIC);
    expect(posted({ headers: { ...signed('AAAA'), 'x-plivo-signature-ma-v3': POSTED.signature } })).toEqual(AUTHENTIC);
  });

  it.each<[string, Partial<Given>]>([
    // The first characters, 1 and 0, are the six bits 110101 and 110100.
    ['one flipped bit', { headers: signed(`0${POSTED.signature.slice(1)}`) }],
    ['another nonce', { headers: { ...signed(POSTED.signature), 'x-plivo-signature-v3-nonce': '12346' } }],
    ['a changed query', { url: 'https://example.com/answer?agent=8&b=x' }],
    ['a query that is gone', { url: 'https://example.com/answer' }],
    ['another host', { url: 'https://example.org/answer?agent=7&b=x' }],
    ['another path', { url: 'https://example.com/answer/?agent=7&b=x' }],
    ['http for https', { url: 'http://example.com/answer?agent=7&b=x' }],
    ['a swapped body', { body: BARE.body }],
    ['an added field', { body: `${POSTED.body}&Extra=1` }],
    ['no body', { body: '' }],
    [
      'a body of another type, which would be read all the same',
      { headers: { ...signed(BARE.signature), 'content-type': 'text/plain' } },
    ],
    ['GET for POST', { method: 'GET' }],
    ['another method', { method: 'PUT' }],
    ['a signature cut short', { headers: signed(POSTED.signature.slice(0, -1)) }],
    ['no base64', { headers: signed('😀') }],
  ])('refuses %s', (_what, more) => {
    expect(posted(more)).toEqual(BAD);
  });

  it('refuses what another account’s token has signed', () => {
    expect(posted({}, 'my_auth_tokem')).toEqual(BAD);
  });

  it.each([
    {},
    signed(''),
    signed(' , '),
    { ...signed(POSTED.signature), 'x-plivo-signature-v3-nonce': undefined },
    { 'x-plivo-signature-v2': POSTED.signature },
  ])('takes a request for unsigned with %j', (headers) => {
    expect(posted({ headers })).toEqual({ kind: 'rejected', why: 'unsigned' });
  });

  it('never throws', () => {
    for (const url of ['', '?', 'not a url', 'https://x/%E0%A4%A', '#']) {
      expect(verdict({ url, body: '%&=&%ff', headers: signed('x') })).toEqual(BAD);
    }
  });
});

describe('the official SDK and this verifier', () => {
  /** What the SDK is given of a body, as Express parses it. */
  function parsed(body: string): Record<string, string | string[]> {
    const params: Record<string, string | string[]> = {};
    for (const [name, value] of new URLSearchParams(body)) {
      const held = params[name];
      params[name] = held === undefined ? value : [held, value].flat();
    }
    return params;
  }

  const CASES: readonly Required<Pick<Given, 'method' | 'url' | 'body'>>[] = [
    { method: 'POST', url: 'https://voice.example.com/inbound/plivo/Kx9-_z/status', body: 'CallUUID=a&Event=Hangup' },
    { method: 'POST', url: 'https://voice.example.com:8443/in/a/', body: 'b=2&a=1&B=3' },
    {
      method: 'POST',
      url: 'https://voice.example.com/in?x=a%20b&y=%26',
      body: 'From=%2B1415&CallerName=J%C3%B6rg+%F0%9F%98%80',
    },
    { method: 'POST', url: 'https://voice.example.com/in?', body: 'a=1' },
    { method: 'POST', url: 'https://voice.example.com/in?flag&z=', body: 'a=&b=2&a=1&a=0' },
    { method: 'POST', url: 'https://voice.example.com/in', body: '' },
    { method: 'POST', url: 'https://voice.example.com/in?q=1', body: '' },
    { method: 'GET', url: 'https://voice.example.com/in', body: '' },
    { method: 'GET', url: 'https://voice.example.com/in?To=1&From=%3Csip%3Aa%40b%3E&CallUUID=9&10=x&9=y', body: '' },
  ];

  it.each(CASES)('agree on $method $url with "$body"', ({ method, url, body }) => {
    const text = signedText(method === 'GET' ? 'GET' : 'POST', url, body);
    const signature = plivoSignature(text, NONCE, TOKEN);
    const theirs = (one: string, token: string, at: string, sent: string) =>
      validateV3Signature(method, at, NONCE, token, one, parsed(sent));
    const ours = (one: string, token: string, at: string, sent: string) =>
      verdict({ method, url: at, body: sent, headers: signed(one) }, token).kind === 'authentic';

    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
    const changedQuery = `${url}${url.includes('?') ? '&' : '?'}added=1`;
    const tries: [string, string, string, string][] = [
      [signature, TOKEN, url, body],
      [`${flipped},${signature}`, TOKEN, url, body],
      [flipped, TOKEN, url, body],
      [signature, `${TOKEN}2`, url, body],
      [signature, TOKEN, changedQuery, body],
    ];
    if (method === 'POST') tries.push([signature, TOKEN, url, `${body}&Extra=1`]);
    const verdicts = tries.map((one) => [theirs(...one), ours(...one)]);
    expect(verdicts).toEqual([[true, true], [true, true], ...tries.slice(2).map(() => [false, false])]);
  });
});
