import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { validateRequest, validateRequestWithBody, validateExpressRequest } from 'twilio';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import type { SignatureVerdict, WebhookRequest } from '../../contract/webhook';
import { credentialsOf, TOKEN } from './twilio.fixture';
import { verifySignature } from './twilio.signature';

type Params = Record<string, string | string[]>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function formBody(params: Params): Buffer {
  const pairs = Object.entries(params).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
  return Buffer.from(new URLSearchParams(pairs).toString());
}

function post(url: string, signature: string, rawBody: Buffer, headers: Record<string, string> = FORM): WebhookRequest {
  return { method: 'POST', url, headers: { ...headers, 'x-twilio-signature': signature }, rawBody };
}

function verdict(request: WebhookRequest, token = TOKEN): SignatureVerdict {
  return verifySignature(request, { credentials: credentialsOf({ auth_token: token }), shared: null, nowMs: 0 });
}

const AUTHENTIC: SignatureVerdict = { kind: 'authentic', replayId: null };
const BAD: SignatureVerdict = { kind: 'rejected', why: 'bad_signature' };

/** The vectors of the official SDK: https://github.com/twilio/twilio-node/blob/main/spec/unit/webhooks/webhooks.spec.ts */
describe('the published vectors', () => {
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  const params = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  };
  const body = formBody(params);
  const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8=';
  const jsonUrl = `${url}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`;
  const json = Buffer.from('{"property": "value", "boolean": true}');
  const jsonSignature = 'a9nBmqA0ju/hNViExpshrM61xv4=';
  const JSON_TYPE = { 'content-type': 'application/json' };

  it('accepts a form', () => {
    expect(verdict(post(url, signature, body), '12345')).toEqual(AUTHENTIC);
  });

  it('accepts what was signed with the port, and with another one', () => {
    const withPort = 'kvajT1Ptam85bY51eRf/AJRuM3w=';
    expect(verdict(post(url.replace('.com', '.com:443'), withPort, body), '12345')).toEqual(AUTHENTIC);
    expect(verdict(post(url, withPort, body), '12345')).toEqual(AUTHENTIC);
    expect(verdict(post(url.replace('.com', '.com:1234'), signature, body), '12345')).toEqual(AUTHENTIC);
  });

  it('accepts a JSON body by its digest', () => {
    expect(verdict(post(jsonUrl, jsonSignature, json, JSON_TYPE), '12345')).toEqual(AUTHENTIC);
  });

  it('refuses one flipped bit', () => {
    const bytes = Buffer.from(signature, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verdict(post(url, flipped.toString('base64'), body), '12345')).toEqual(BAD);
    }
  });

  it.each([
    ['another token', post(url, signature, body), '12346'],
    ['a changed query', post(url.replace('bar=2', 'bar=3'), signature, body), '12345'],
    ['another path', post(url.replace('myapp', 'myApp'), signature, body), '12345'],
    ['another host', post(url.replace('mycompany', 'theircompany'), signature, body), '12345'],
    ['another scheme', post(url.replace('https', 'http'), signature, body), '12345'],
    ['a changed field', post(url, signature, formBody({ ...params, Digits: '1235' })), '12345'],
    ['one field more', post(url, signature, formBody({ ...params, Extra: '' })), '12345'],
    ['a missing field', post(url, signature, formBody({ ...params, Digits: [] })), '12345'],
    ['a swapped body', post(jsonUrl, jsonSignature, Buffer.from('{"property": "other"}'), JSON_TYPE), '12345'],
    ['no digest', post(url, signature, json, JSON_TYPE), '12345'],
    ['the signature of the form for no form', post(url, signature, body, {}), '12345'],
    ['two signatures', post(url, `${signature}, ${signature}`, body), '12345'],
    ['another method', { ...post(url, signature, body), method: 'PUT' }, '12345'],
  ])('refuses %s', (_, request, token) => {
    expect(verdict(request, token)).toEqual(BAD);
  });

  it('refuses a JSON body that is signed but whose digest is not in the URL', () => {
    const unbound = getExpectedTwilioSignature('12345', url, {});
    expect(verdict(post(url, unbound, json, JSON_TYPE), '12345')).toEqual(BAD);
  });

  it('refuses a webhook that a rule has signed with a key of its own', () => {
    // https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys
    const settings = { ...FORM, 'x-twilio-webhooks-signature-settings': 'key=WK1,algorithm=HMAC_SHA256' };
    expect(verdict(post(url, signature, body, settings), '12345')).toEqual(BAD);
  });

  it.each([undefined, ''])('tells %j for no signature', (none) => {
    const request = { ...post(url, '', body), headers: { ...FORM, 'x-twilio-signature': none } };
    expect(verdict(request, '12345')).toEqual({ kind: 'rejected', why: 'unsigned' });
  });
});

describe('verifySignature and the official SDK', () => {
  // `__proto__` as a name would only show how the SDK's caller builds its objects.
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '+14155550100', '<&"\'> %41', 'ü😀'));
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((each) => each !== '__proto__');
  const params = fc.dictionary(name, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 4 })), { maxKeys: 6 });
  const query = fc.constantFrom('', '?', '?a=1&b=2', "?q='x'&y", '?a=%27%20+b', '?k=ü&k=2', '?url=https://a:1/b?c');
  const url = fc
    .tuple(
      fc.constantFrom('https', 'http', 'HTTPS'),
      fc.constantFrom('', 'user:pw@'),
      fc.constantFrom('voice.example.com', '127.0.0.1', '[::1]', 'Voice.Example.com'),
      fc.constantFrom('', ':443', ':80', ':8443', ':1'),
      fc.constantFrom('', '/', '/inbound/twilio/key', "/it's%20here/ü", '/a:1/b@c'),
      query,
    )
    .map(([scheme, user, host, port, path, search]) => `${scheme}://${user}${host}${port}${path}${search}`);

  it('accepts what the SDK signs', () => {
    fc.assert(
      fc.property(url, params, (target, fields) => {
        const signature = getExpectedTwilioSignature(TOKEN, target, fields);
        expect(verdict(post(target, signature, formBody(fields)))).toEqual(AUTHENTIC);
      }),
    );
  });

  it('says the same of all spellings that Twilio itself may sign', () => {
    let accepted = 0;
    const spelling = fc.constantFrom(
      (each: string) => each.replace(/^(\w+:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^:/?#]*)):\d+/, '$1'),
      (each: string) => each.replace(/^(\w+:\/\/(?:[^/?#]*@)?(?:\[[^\]]*\]|[^:/?#]*))(?::\d+)?/, '$1:443'),
      (each: string) => new URL(each).href,
      (each: string) => each.replace(/'/g, '%27'),
      (each: string) => each.replace(/\+/g, '%20'),
      (each: string) => each.toLowerCase(),
    );
    fc.assert(
      fc.property(url, fc.array(spelling, { maxLength: 3 }), params, (received, spellings, fields) => {
        const signed = spellings.reduce((each, respell) => respell(each), received);
        const signature = getExpectedTwilioSignature(TOKEN, signed, fields);
        const expected = validateRequest(TOKEN, signature, received, fields);
        expect(verdict(post(received, signature, formBody(fields))).kind === 'authentic').toBe(expected);
        accepted += Number(expected && signed !== received);
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it('says the same of bodies with a digest', () => {
    fc.assert(
      fc.property(url, text, text, (target, body, other) => {
        const digest = createHash('sha256').update(body).digest('hex');
        const digested = `${target}${target.includes('?') ? '&' : '?'}bodySHA256=${digest}`;
        const signature = getExpectedTwilioSignature(TOKEN, digested, {});
        for (const received of [body, other]) {
          const request = post(digested, signature, Buffer.from(received), { 'content-type': 'application/json' });
          const expected = validateRequestWithBody(TOKEN, signature, digested, received);
          expect(verdict(request).kind === 'authentic').toBe(expected);
        }
      }),
    );
  });

  it('says the same of a GET, whose fields are in the URL', () => {
    const address = 'https://voice.example.com/inbound/twilio/key?CallSid=CA1&From=%2B14155550100&CallStatus=ringing';
    const signature = getExpectedTwilioSignature(TOKEN, address, {});
    const received = [address, address.replace('CA1', 'CA2'), `${address}&Digits=1`];
    for (const target of received) {
      const express = { protocol: 'https', headers: {}, originalUrl: '', header: () => signature };
      const expected = validateExpressRequest(
        express as unknown as Parameters<typeof validateExpressRequest>[0],
        TOKEN,
        { url: target },
      );
      const request = { method: 'GET', url: target, headers: { 'x-twilio-signature': signature } };
      expect(verdict({ ...request, rawBody: Buffer.alloc(0) }).kind === 'authentic').toBe(expected);
      expect(expected).toBe(target === address);
    }
  });

  it.each(['https://voice.example.com/key?a=\udbff', '?\ud800=1', '<?\udc00'])(
    'refuses half a character: %j',
    (target) => {
      const headers = { 'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' };
      const request = { method: 'GET', url: target, headers, rawBody: Buffer.alloc(0) };
      expect(verdict(request)).toEqual({ kind: 'rejected', why: 'bad_signature' });
    },
  );

  it('never throws', () => {
    const header = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'HEAD', ''),
        fc.string({ unit: 'binary' }),
        header,
        header,
        fc.uint8Array(),
        (method, target, type, signature, bytes) => {
          const headers = { 'content-type': type, 'x-twilio-signature': signature };
          const request = { method, url: target, headers, rawBody: Buffer.from(bytes) };
          expect(verdict(request).kind).toBe('rejected');
        },
      ),
    );
  });
});
