import { createPrivateKey, sign } from 'node:crypto';
import { TelnyxWebhook } from 'telnyx/lib/webhooks';
import type { WebhookRequest } from '../../contract/webhook';
import { TelnyxCredentials } from './telnyx.credentials';
import { CREDENTIALS, PUBLIC_KEY } from './telnyx.fixture';
import { verifySignature } from './telnyx.signature';

/**
 * Signed with the secret key of RFC 8032, section 7.1, test 1, whose public half is `PUBLIC_KEY`; the SDK accepts it, as the
 * first test shows.
 */
const TIMESTAMP = '1700000000';
const BODY =
  '{"data":{"event_type":"call.initiated","id":"0ccc7b54-4df3-4bca-a65a-3da1ecc777f0","payload":{"call_control_id":"v3:abc","direction":"incoming","from":"+14155550100","to":"+14155550123","state":"parked"},"record_type":"event"}}';
const SIGNATURE = 'FL2QFaTxetU5rlU60Ss7PT+2QDBHAvEJbaHkhaCzxKoagM6O3yLhD9siDMkg+BwxbYD5askkXWiO4XofSGFeCg==';
const SECRET = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
/** Of RFC 8032, test 2. */
const OTHER_KEY = 'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=';
const SIGNED_AT = Number(TIMESTAMP) * 1000;

interface Sent {
  readonly signature?: string;
  readonly timestamp?: string;
  readonly body?: string;
}

const request = ({ signature, timestamp, body = BODY }: Sent): WebhookRequest => ({
  method: 'POST',
  url: 'https://voice.example.com/inbound/telnyx/key',
  headers: { 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': timestamp },
  rawBody: Buffer.from(body),
});
const SENT = { signature: SIGNATURE, timestamp: TIMESTAMP };

const verdict = (sent: Sent, nowMs = SIGNED_AT, publicKey = PUBLIC_KEY) =>
  verifySignature(request(sent), {
    credentials: Object.assign(new TelnyxCredentials(), CREDENTIALS, { public_key: publicKey }),
    shared: null,
    nowMs,
  });

/** What the SDK makes of the same request at the same time. */
async function sdkAccepts(sent: Sent, nowMs = SIGNED_AT, publicKey = PUBLIC_KEY): Promise<boolean> {
  jest.useFakeTimers({ now: nowMs, doNotFake: ['setImmediate', 'setTimeout', 'nextTick', 'queueMicrotask'] });
  try {
    const headers = { 'telnyx-signature-ed25519': sent.signature ?? '', 'telnyx-timestamp': sent.timestamp ?? '' };
    await new TelnyxWebhook(publicKey).verify(sent.body ?? BODY, headers);
    return true;
  } catch {
    return false;
  } finally {
    jest.useRealTimers();
  }
}

describe('verifySignature', () => {
  it('accepts what the SDK accepts', async () => {
    expect(verdict(SENT)).toEqual({ kind: 'authentic', replayId: null });
    expect(await sdkAccepts(SENT)).toBe(true);
  });

  it('accepts a form with what needs more than ASCII, byte for byte', async () => {
    const body = 'CallSid=v3%3Aabc&CallerId=Zoë+“☎”&From=%2B14155550100';
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(SECRET, 'hex')]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const signature = sign(null, Buffer.from(`${TIMESTAMP}|${body}`), key).toString('base64');
    const sent = { ...SENT, signature, body };
    expect(verdict(sent).kind).toBe('authentic');
    expect(await sdkAccepts(sent)).toBe(true);
  });

  it.each<[string, Sent, number, string]>([
    ['one flipped bit', { ...SENT, signature: `E${SIGNATURE.slice(1)}` }, SIGNED_AT, PUBLIC_KEY],
    ['a swapped body', { ...SENT, body: BODY.replace('0100', '0199') }, SIGNED_AT, PUBLIC_KEY],
    ['a byte more', { ...SENT, body: `${BODY}\n` }, SIGNED_AT, PUBLIC_KEY],
    ['another time than was signed', { ...SENT, timestamp: '1700000001' }, SIGNED_AT, PUBLIC_KEY],
    ['the same time written otherwise', { ...SENT, timestamp: '01700000000' }, SIGNED_AT, PUBLIC_KEY],
    ["another account's key", SENT, SIGNED_AT, OTHER_KEY],
    ['a signature cut short', { ...SENT, signature: SIGNATURE.slice(4) }, SIGNED_AT, PUBLIC_KEY],
    ['no base64', { ...SENT, signature: SIGNATURE.replace('+', '-') }, SIGNED_AT, PUBLIC_KEY],
  ])('refuses, as the SDK does, %s', async (_what, sent, now, key) => {
    expect(verdict(sent, now, key)).toEqual({ kind: 'rejected', why: 'bad_signature' });
    expect(await sdkAccepts(sent, now, key)).toBe(false);
  });

  it.each([
    [-301, false],
    [-300, true],
    [300, true],
    [301, false],
  ])('at %i s from the signing answers %j, as the SDK does', async (seconds, isFresh) => {
    const now = SIGNED_AT + seconds * 1000;
    expect(verdict(SENT, now)).toEqual(
      isFresh ? { kind: 'authentic', replayId: null } : { kind: 'rejected', why: 'stale' },
    );
    expect(await sdkAccepts(SENT, now)).toBe(isFresh);
  });

  it.each<Sent>([{}, { signature: SIGNATURE }, { timestamp: TIMESTAMP }, { signature: '', timestamp: TIMESTAMP }])(
    'takes %j for unsigned',
    (sent) => expect(verdict(sent)).toEqual({ kind: 'rejected', why: 'unsigned' }),
  );

  it.each(['GET', 'PUT', 'get', ''])('refuses what comes by "%s", since what its URL says is not signed', (method) => {
    const credentials = Object.assign(new TelnyxCredentials(), CREDENTIALS);
    const sent = { ...request(SENT), method, url: 'https://voice.example.com/inbound/telnyx/key?CallSid=v3:x' };
    expect(verifySignature(sent, { credentials, shared: null, nowMs: SIGNED_AT })).toEqual({
      kind: 'rejected',
      why: 'bad_signature',
    });
  });

  it.each(['', 'AAAA', `${'/'.repeat(43)}=`, 'not base64'])('never throws, not even with the key %j', (key) => {
    expect(verdict(SENT, SIGNED_AT, key)).toEqual({ kind: 'rejected', why: 'bad_signature' });
  });
});
