import fc, { type Arbitrary } from 'fast-check';
import { isSipUri } from '../../../src/agents/sip-uri';
import { parsedUrl } from './answer-reader';

/** Whatever may mean something to a parser of XML or JSON, or be nothing that either can hold. */
const AWKWARD = [
  ...['<', '>', '&', '"', "'", ']]>', '<!--', '-->', '<![CDATA[', '<?', '?>', '&amp;', '&lt;', '&#1;', '&bogus;'],
  ...[
    '"/><Hangup/>',
    '</Say><Hangup/><Say>',
    '"},{"action":"talk","text":"no"}',
    '<speak>',
    '</speak>',
    '<!DOCTYPE a>',
  ],
  ...[
    '\\',
    '\\u0000',
    '\\ud800',
    '%',
    '%00',
    '%zz',
    '+',
    '=',
    ',',
    ';',
    '__proto__',
    'constructor',
    ' ',
    '\t',
    '\n',
    '\r',
  ],
  ...['\u0000', '\u0001', '\u0008', '\u000b', '\u001b', '\u007f', '\u0085', '\u2028', '\ufeff', '\ufffe', '\uffff'],
  ...['\ud800', '\udc00', '\udbff', '😀', '👩‍👩‍👧', 'é', 'e\u0301', 'हि', '日本', 'a', 'Z', '0'],
] as const;
const VISIBLE = [
  ...'abcXYZ019-._~!$\'()*,;:@%&=+/"<>\\^`{|}[]?é日',
  '😀',
  '%22',
  '%2F',
  '%zz',
  '%',
  '//',
  '/../',
  '&amp;',
  ']]>',
];
const HOSTS = [
  'agent.example.com',
  'a.example',
  '127.0.0.1',
  '[2001:db8::1]',
  'müller.example',
  'A-B.example.',
  'xn--mller-kva.example',
];

/** Any UTF-16 units, characters, and what is awkward. */
export const anyText: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.constantFrom(...AWKWARD)).map((parts) => parts.join('')),
  fc.uint16Array({ max: 0xffff, maxLength: 40 }).map((units) => String.fromCharCode(...units)),
);

/** Longer than any vendor speaks. */
export const longText: Arbitrary<string> = fc
  .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), anyText, fc.nat(14_000))
  .map(([unit, end, length]) => unit.repeat(Math.ceil(length / unit.length)) + end);

const visible = (maxLength: number, ...not: readonly string[]): Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...VISIBLE.filter((part) => !not.some((one) => part.includes(one)))), { maxLength })
    .map((parts) => parts.join(''));

/** URLs of agents as the API takes them: `wss:`, no fragment, nothing unprintable. */
export const agentUrl: Arbitrary<string> = fc
  .record({
    user: fc.option(visible(6, '/', '?', '@', '[', ']', '\\'), { nil: null }),
    host: fc.constantFrom(...HOSTS),
    port: fc.constantFrom('', ':443', ':8443'),
    path: visible(12, '?'),
    query: fc.option(fc.oneof(visible(12), visible(200)), { nil: null }),
  })
  .map(({ user, host, port, path, query }) => {
    const userInfo = user === null ? '' : `${user}@`;
    return `wss://${userInfo}${host}${port}${path === '' ? '' : `/${path}`}${query === null ? '' : `?${query}`}`;
  })
  .filter((url) => parsedUrl(url) !== null && url.length <= 2_048);

/** SIP URIs as the API takes them. */
export const sipUri: Arbitrary<string> = fc
  .record({
    scheme: fc.constantFrom('sip:', 'sips:', 'SIP:'),
    user: fc.option(visible(8, '@', '<', '>', '"'), { nil: null }),
    host: fc.constantFrom('agent.example.com', '10.0.0.1', '[2001:db8::1]', 'trunk-2134'),
    port: fc.constantFrom('', ':5061'),
    parameters: fc.constantFrom('', ';transport=tls', ';lr;x=%22&y', ";a='b'"),
    headers: fc.option(visible(8, '@', '<', '>', '"'), { nil: null }),
  })
  .map(({ scheme, user, host, port, parameters, headers }) => {
    const before = user === null || user === '' ? '' : `${user}@`;
    return `${scheme}${before}${host}${port}${parameters}${headers === null ? '' : `?${headers}`}`;
  })
  .filter(isSipUri);

export const e164: Arbitrary<string> = fc.constantFrom('+14155550123', '+442079460000', '+912244550001', '+6512345678');
export const callerId: Arbitrary<string | null> = fc.option(e164, { nil: null });
export const language: Arbitrary<string | null> = fc.oneof(
  fc.constantFrom(null, 'en-US', 'en_us', 'hi-IN', 'de', 'pt-PT', 'zh', 'xx-XX', 'constructor', '__proto__', '-'),
  anyText.map((text) => text.slice(0, 64)),
);

/** Names and values of any kind, a few of them too long for every vendor. */
export const anyParameters: Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.array(fc.tuple(anyText, anyText), { maxLength: 15 }),
    fc.array(
      fc.tuple(
        longText.map((text) => text.slice(0, 300)),
        longText.map((text) => text.slice(0, 3_000)),
      ),
      {
        maxLength: 3,
      },
    ),
  )
  .map(([short, long]) => Object.fromEntries([...short, ...long]));

/** Such as a call's own: short words. */
export const plainParameters: Arbitrary<Record<string, string>> = fc
  .uniqueArray(
    fc.tuple(fc.stringMatching(/^[a-z]{1,8}(?:_[a-z]{1,8})?$/), fc.stringMatching(/^[A-Za-z0-9_+.-]{1,40}$/)),
    {
      maxLength: 4,
      selector: ([name]) => name,
    },
  )
  .map((pairs) => Object.fromEntries(pairs));
