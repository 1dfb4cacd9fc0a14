import { createHash, generateKeyPairSync } from 'node:crypto';
import { tokenGenerate, verifySignature } from '@vonage/jwt';
import jwt from 'jsonwebtoken';
import type { SharedValues } from '../../contract/shared-resources';
import type { WebhookRequest } from '../../contract/webhook';
import { CREDENTIALS } from './vonage.fixture';
import { applicationToken, newPrivateKey, publicKeyOf } from './vonage.keys';
import { verifyVonageWebhook } from './vonage.signature';

const SECRET = CREDENTIALS.signature_secret;
const APP = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const NOW = 1_700_000_000;
const URL_ = 'https://voice.example.com/inbound/vonage/key';
const BODY =
  '{"from":"447700900000","to":"442079460000","uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab",' +
  '"conversation_uuid":"CON-aaaaaaaa-bbbb-cccc-dddd-0123456789ab"}';
const BODY_HASH = '5d6740b776fb0f09073622e3b6a9cd2063a327a1a0c94b0b7a923ce743f833bd';
/** Of `BODY`, with `SECRET`, issued at `NOW` for the key a1b2c3d; `verifySignature` of @vonage/jwt accepts it. */
const VECTOR =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsImp0aSI6ImM1YmE4ZjI0LTFhMTQtNGMxMC1iZmRmLTNmYmU4Y2U1MTFi' +
  'NSIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6IjVkNjc0MGI3NzZmYjBmMDkwNzM2MjJlM2I2YTljZDIwNjNhMzI3YTFhMGM5NGIwYjdhOTIz' +
  'Y2U3NDNmODMzYmQiLCJhcGlfa2V5IjoiYTFiMmMzZCIsImFwcGxpY2F0aW9uX2lkIjoiYWFhYWFhYWEtYmJiYi1jY2NjLWRkZGQtMDEyMzQ1Njc4OWFi' +
  'In0.fTO7oolxMW9Hp0LaLQ-6SmbndSbsJjS_FXOjxmHI_0M';
const VECTOR_KEY = { ...CREDENTIALS, api_key: 'a1b2c3d' };

const CLAIMS = {
  iat: NOW,
  jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
  iss: 'Vonage',
  payload_hash: BODY_HASH,
  api_key: CREDENTIALS.api_key,
  application_id: APP,
};
const signed = (claims: object = CLAIMS, secret: string = SECRET, algorithm: jwt.Algorithm = 'HS256') =>
  jwt.sign(claims, secret, { algorithm });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

interface Given {
  readonly body?: string;
  readonly url?: string;
  readonly method?: string;
  readonly authorization?: string | undefined;
  readonly nowMs?: number;
  readonly shared?: SharedValues | null;
  readonly credentials?: typeof CREDENTIALS;
}

function verdict(token: string, given: Given = {}) {
  const request: WebhookRequest = {
    method: given.method ?? 'POST',
    url: given.url ?? URL_,
    headers: { authorization: 'authorization' in given ? given.authorization : `Bearer ${token}` },
    rawBody: Buffer.from(given.body ?? BODY),
  };
  return verifyVonageWebhook(request, {
    credentials: given.credentials ?? CREDENTIALS,
    shared: given.shared === undefined ? { application_id: APP } : given.shared,
    nowMs: given.nowMs ?? NOW * 1000,
  });
}

const AUTHENTIC = { kind: 'authentic', replayId: CLAIMS.jti };
const BAD = { kind: 'rejected', why: 'bad_signature' };
const STALE = { kind: 'rejected', why: 'stale' };

describe('verifyVonageWebhook', () => {
  it('accepts the vector, as the official SDK does', () => {
    expect(verifySignature(VECTOR, SECRET)).toBe(true);
    expect(verdict(VECTOR, { credentials: VECTOR_KEY })).toEqual(AUTHENTIC);
  });

  it('accepts what the official SDK accepts', () => {
    expect(verifySignature(signed(), SECRET)).toBe(true);
    expect(verdict(signed())).toEqual(AUTHENTIC);
    expect(verdict('', { authorization: `bearer  ${signed()}` })).toEqual(AUTHENTIC);
  });

  it('refuses any flipped bit of header, claims and signature', () => {
    const bytes = Buffer.from(VECTOR);
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const request = { authorization: `Bearer ${flipped.toString('latin1')}`, credentials: VECTOR_KEY };
      expect([at, verdict('', request)]).toEqual([at, BAD]);
    }
  });

  it('refuses a token without a signature', () => {
    const unsigned = jwt.sign(CLAIMS, '', { algorithm: 'none' });
    expect(verdict(unsigned)).toEqual(BAD);
    expect(verdict(unsigned + 'x')).toEqual(BAD);
    expect(verdict(signed().split('.').slice(0, 2).join('.'))).toEqual(BAD);
  });

  it('takes no other algorithm, though signed with the same secret', () => {
    expect(verdict(signed(CLAIMS, SECRET, 'HS512'))).toEqual(BAD);
    expect(verdict(signed(CLAIMS, SECRET, 'HS384'))).toEqual(BAD);
  });

  it('does not take a public key for the secret, nor the secret for a public key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const byRsa = tokenGenerate(APP, privateKey, { ...CLAIMS, issued_at: NOW });
    expect(verifySignature(byRsa, publicKey)).toBe(true);
    const credentials = { ...CREDENTIALS, signature_secret: publicKey };
    expect(verdict(byRsa, { credentials })).toEqual(BAD);
    expect(verdict(byRsa)).toEqual(BAD);
  });

  it('refuses another secret', () => {
    expect(verdict(signed(CLAIMS, `${SECRET}x`))).toEqual(BAD);
    expect(verdict(signed(CLAIMS, CREDENTIALS.api_secret))).toEqual(BAD);
  });

  it.each([
    ['another account', { api_key: 'ffffffff' }],
    ['no account', { api_key: undefined }],
    ['another issuer', { iss: 'Nexmo' }],
    ['another application', { application_id: 'bbbbbbbb-bbbb-cccc-dddd-0123456789ab' }],
    ['no application', { application_id: undefined }],
    ['no hash', { payload_hash: undefined }],
    ['a hash of another length', { payload_hash: BODY_HASH.slice(1) }],
    ['a hash that is no text', { payload_hash: 5 }],
    ['a time that is no number', { iat: `${NOW}` }],
  ])('refuses %s', (_, change) => {
    const payload = JSON.stringify({ ...CLAIMS, ...change });
    expect(verdict(jwt.sign(payload, SECRET, { algorithm: 'HS256' }))).toEqual(BAD);
  });

  it('takes any application of the account while none is known to be ours', () => {
    const token = signed({ ...CLAIMS, application_id: 'bbbbbbbb-bbbb-cccc-dddd-0123456789ab' });
    expect(verdict(token, { shared: null })).toEqual(AUTHENTIC);
    expect(verdict(token, { shared: {} })).toEqual(AUTHENTIC);
  });

  it('refuses a swapped body, down to its white space', () => {
    expect(verdict(signed(), { body: BODY.replace('442079460000', '442079460001') })).toEqual(BAD);
    expect(verdict(signed(), { body: `${BODY} ` })).toEqual(BAD);
    expect(verdict(signed(), { body: '' })).toEqual(BAD);
  });

  it.each([
    [-300_000, AUTHENTIC],
    [300_000, AUTHENTIC],
    [-300_001, STALE],
    [300_001, STALE],
  ])('with the clock %d ms off: %j', (off, expected) => {
    expect(verdict(signed(), { nowMs: NOW * 1000 + off })).toEqual(expected);
  });

  it('calls a forged token bad, not stale', () => {
    expect(verdict(signed(CLAIMS, 'x'), { nowMs: 0 })).toEqual(BAD);
  });

  it('judges age by the caller’s clock alone', () => {
    expect(verdict(signed({ ...CLAIMS, exp: NOW + 1, nbf: NOW + 10_000_000_000 }))).toEqual(AUTHENTIC);
  });

  it.each([undefined, ''])('tells a request without a token apart: %j', (authorization) => {
    expect(verdict('', { authorization })).toEqual({ kind: 'rejected', why: 'unsigned' });
  });

  it.each(['Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer ..', 'Bearer a.b.c', `Bearer ${'é'.repeat(9)}`])(
    'throws for no header, as %j',
    (authorization) => expect(verdict('', { authorization })).toEqual(BAD),
  );

  it.each(['"text"', '[]', '5', 'null', 'x'])('throws for no payload, as %j', (payload) => {
    expect(verdict(jwt.sign(payload, SECRET, { algorithm: 'HS256' }))).toEqual(BAD);
  });

  it('throws for no secret', () => {
    expect(verdict(signed(), { credentials: { ...CREDENTIALS, signature_secret: '' } })).toEqual(BAD);
  });

  it('names no replay where the token has no identifier', () => {
    const payload = JSON.stringify({ ...CLAIMS, jti: undefined });
    expect(verdict(jwt.sign(payload, SECRET, { algorithm: 'HS256' }))).toEqual({ kind: 'authentic', replayId: null });
  });

  describe('of a GET', () => {
    const query = 'to=442079460000&from=447700900000&SipHeader_X-UserId=a%20b%2Bc';
    const json = '{"to":"442079460000","from":"447700900000","SipHeader_X-UserId":"a b+c"}';
    const token = signed({ ...CLAIMS, payload_hash: sha256(json) });
    const get = (url: string) => verdict(token, { method: 'GET', url, body: '' });

    it('hashes the query as JSON, in its order', () => {
      expect(get(`${URL_}?${query}`)).toEqual(AUTHENTIC);
    });

    it('refuses a changed, reordered or missing query, and a URL that is none', () => {
      expect(get(`${URL_}?${query.replace('0000&', '0001&')}`)).toEqual(BAD);
      expect(get(`${URL_}?${query.split('&').reverse().join('&')}`)).toEqual(BAD);
      expect(get(URL_)).toEqual(BAD);
      expect(get('nowhere')).toEqual(BAD);
    });

    it('does not take the body’s hash for the query’s', () => {
      expect(verdict(signed(), { method: 'GET', url: `${URL_}?x=1`, body: BODY })).toEqual(BAD);
    });
  });
});

describe('applicationToken', () => {
  it('is what the official SDK makes and accepts', async () => {
    const privateKey = await newPrivateKey();
    const publicKey = publicKeyOf(privateKey) ?? '';
    const now = Math.floor(Date.now() / 1000);
    const own = applicationToken(APP, privateKey, now * 1000);
    const theirs = tokenGenerate(APP, privateKey, { issued_at: now, exp: now + 900, jti: '1' });
    expect(verifySignature(own, publicKey)).toBe(true);
    const [ours, oracle] = [own, theirs].map((token) => jwt.verify(token, publicKey, { complete: true }));
    expect(ours?.header).toEqual(oracle?.header);
    const claims = { ...(oracle?.payload as object), issued_at: undefined, jti: expect.any(String) as string };
    expect(ours?.payload).toEqual(claims);
  });
});
