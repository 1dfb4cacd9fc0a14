import fc, { type Arbitrary } from 'fast-check';
import type { WebhookRequest } from '../../../src/providers/contract/webhook';
import { anyText } from './arbitrary-answers';

const NUMBERS = ['+14155550123', '14155550123', '09123456789', 'sip:a@b.example', 'anonymous'] as const;
const TIMES = [
  '2026-11-24T10:00:00Z',
  '2026-11-24 10:00:00',
  'Thu, 30 Jul 2015 23:19:04 +0000',
  '9999-99-99T99:99:99Z',
] as const;
const SECONDS = ['7', '0', '19.5', '-1', '1e999', '00:00:19'] as const;
/** What would be found in an object that nobody has put it into, and other things that are no words of any vendor. */
const ODD = ['constructor', 'constructor', '__proto__', 'toString', 'null', '', '{"a":1}', 'NaN'] as const;
/** The fields of one family of requests each, with some of what they may carry. */
const PROFILES: readonly Readonly<Record<string, readonly string[]>>[] = [
  {
    CallSid: ['CA0123456789abcdef0123456789abcdef', 'v3:abc'],
    CallStatus: ['ringing', 'in-progress', 'completed'],
    CallbackSource: ['call-progress-events'],
    Direction: ['inbound', 'outbound-api'],
    From: NUMBERS,
    To: NUMBERS,
    CallDuration: SECONDS,
    Timestamp: TIMES,
  },
  {
    uuid: ['63f61863-4a51-4f6b-86e1-46edebcf9356'],
    status: ['started', 'answered', 'completed', 'timeout'],
    direction: ['outbound'],
    from: NUMBERS,
    to: NUMBERS,
    timestamp: TIMES,
    start_time: TIMES,
    end_time: TIMES,
    duration: SECONDS,
  },
  {
    CallUUID: ['c1'],
    RequestUUID: ['r1'],
    Event: ['StartApp', 'Ring', 'Hangup'],
    CallStatus: ['completed', 'busy', 'timeout'],
    Direction: ['outbound'],
    From: NUMBERS,
    To: NUMBERS,
    HangupCause: ['NORMAL_CLEARING'],
    Duration: SECONDS,
    EndTime: TIMES,
  },
  {
    eventType: ['initiate', 'answer', 'disconnect'],
    callId: ['c-1'],
    direction: ['inbound', 'outbound'],
    from: NUMBERS,
    to: NUMBERS,
    cause: ['hangup', 'rejected'],
    eventTime: TIMES,
    answerTime: TIMES,
    endTime: TIMES,
  },
  {
    CallSid: ['c1'],
    CallFrom: NUMBERS,
    CallTo: NUMBERS,
    EventType: ['terminal', 'answered'],
    Status: ['completed', 'no-answer'],
    CallType: ['client-hangup'],
    Stream: ['{"Status":"completed","Duration":"7"}'],
    Direction: ['incoming', 'outbound-api'],
    DateUpdated: TIMES,
  },
  {
    event: ['NewCall', 'Hangup', 'Stream'],
    sid: ['4321'],
    cid: NUMBERS,
    called_number: NUMBERS,
    outbound_sid: ['4322'],
    callduration: SECONDS,
    telco_code: ['16'],
  },
  { sid: ['4321'], status: ['answered', 'not_answered'], phone_no: NUMBERS, caller_id: NUMBERS, duration: SECONDS },
  {
    callid: ['1728505015.6351'],
    data: ['{"callid":"1"}'],
    disposition: ['ANSWERED', 'NO ANSWER'],
    billsec: SECONDS,
    caller_id: NUMBERS,
    call_to: NUMBERS,
  },
];
/** Headers that vendors prove themselves by. */
const PROOFS = [
  ...['x-twilio-signature', 'telnyx-signature-ed25519', 'telnyx-timestamp', 'authorization'],
  ...['x-plivo-signature-v3', 'x-plivo-signature-ma-v3', 'x-plivo-signature-v3-nonce'],
] as const;

/** Most fields of a family, mostly with what belongs there, and some of nobody's. */
const fields: Arbitrary<[string, string][]> = fc
  .constantFrom(...PROFILES)
  .chain((profile) =>
    fc
      .tuple(
        fc.tuple(
          ...Object.entries(profile).map(([name, words]) =>
            fc.tuple(fc.constant(name), fc.option(carried(words), { freq: 5 })),
          ),
        ),
        fc.array(fc.tuple(fc.oneof(anyText, fc.constantFrom(...ODD)), anyText), { maxLength: 2 }),
      )
      .map(([known, others]) => [...known.filter((pair): pair is [string, string] => pair[1] !== null), ...others]),
  );
/** The same as an object, in which a field may be anything. */
const record: Arbitrary<Record<string, unknown>> = fc
  .tuple(fields, fc.array(fc.anything({ withNullPrototype: true }), { maxLength: 3 }))
  .map(([pairs, others]) =>
    Object.fromEntries(pairs.map(([name, text], index) => [name, index < others.length ? others[index] : text])),
  );
const query: Arbitrary<string> = fc.oneof(
  { arbitrary: fields.map((pairs) => new URLSearchParams(pairs).toString()), weight: 3 },
  { arbitrary: anyText, weight: 1 },
);

/** What looks like a proof: of the right length and alphabet, or a token of three parts. */
const proof: Arbitrary<string> = fc.oneof(
  anyText,
  fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.uint8Array({ minLength: 64, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.uint8Array({ minLength: 20, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => `Basic ${Buffer.from(bytes).toString('base64')}`),
  fc
    .record({ alg: fc.constantFrom('none', 'HS256', 'RS256', 'HS512') }, { requiredKeys: [] })
    .chain((head) =>
      fc
        .tuple(fc.dictionary(fc.constantFrom('iss', 'iat', 'payload_hash', 'api_key', 'jti'), anyText), anyText)
        .map(
          ([claims, signature]) =>
            `Bearer ${[head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${Buffer.from(signature).toString('base64url')}`,
        ),
    ),
  fc.integer({ min: 1_790_000_000, max: 1_800_000_000 }).map(String),
);

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json; charset=utf-8';
const MULTIPART = 'multipart/form-data; boundary=x';
/** A body and what it is said to be. */
const content: Arbitrary<readonly [type: string, body: string | Uint8Array]> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => [FORM, bytes] as const),
  query.map((text) => [FORM, text] as const),
  record.map((one) => [JSON_TYPE, jsonText(one)] as const),
  fc.anything().map((any) => [JSON_TYPE, jsonText(any)] as const),
  fields.map((pairs) => [MULTIPART, pairs.map(part).join('')] as const),
  fc.tuple(fc.constantFrom('', 'text/plain', 'multipart/form-data; boundary="', MULTIPART), query),
);

/** Anything that could come in at an inbound URL, and what could not. */
export const anyRequest: Arbitrary<WebhookRequest> = fc
  .record({
    method: fc.oneof(
      { arbitrary: fc.constantFrom('GET', 'POST'), weight: 8 },
      { arbitrary: fc.constantFrom('get', 'PUT', 'HEAD', ''), weight: 1 },
    ),
    url: fc.oneof(
      { arbitrary: fc.constant('https://voice.example.com/inbound/vendor/key'), weight: 3 },
      { arbitrary: query.map((text) => `https://voice.example.com/inbound/vendor/key/status?${text}`), weight: 4 },
      { arbitrary: anyText, weight: 1 },
    ),
    proofs: fc.dictionary(fc.constantFrom(...PROOFS), proof, { noNullPrototype: true }),
    content,
  })
  .map(({ method, url, proofs, content: [type, body] }) => ({
    method,
    url,
    headers: { host: 'voice.example.com', 'content-type': type, ...proofs },
    rawBody: Buffer.from(body),
  }));

function carried(words: readonly string[]): Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...words), weight: 8 },
    { arbitrary: fc.constantFrom(...ODD), weight: 2 },
    { arbitrary: anyText, weight: 1 },
  );
}

function part([name, text]: readonly [string, string]): string {
  return `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;
}

function jsonText(any: unknown): string {
  try {
    return JSON.stringify(any) ?? '';
  } catch {
    // Circular, or a number that JSON has not.
    return '{';
  }
}
