import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Response } from 'plivo';
import type { Answer } from '../../contract/answer';
import { plivoAnswer } from './plivo.answer';
import { credentials } from './plivo.fixture';

const AWKWARD = `<&"'> ]]> 😀 é`;
const MULAW = { bidirectional: 'true', keepCallAlive: 'true', contentType: 'audio/x-mulaw;rate=8000' };

/** What the calls below use of the SDK's builder, which has no types. */
interface Builder {
  addStream(url: string, attributes: object): Builder;
  addDial(attributes?: object): Builder;
  addUser(uri: string): Builder;
  addNumber(number: string): Builder;
  addSpeak(text: string, attributes?: object): Builder;
  addHangup(attributes?: object): Builder;
  toXML(): string;
}

function render(answer: Answer): string {
  const context = { credentials: credentials(), providerCallId: 'call-1', from: null, to: null };
  const { contentType, body } = plivoAnswer.render(answer, context);
  expect(contentType).toBe('application/xml');
  return body;
}

function reread(document: string): unknown {
  expect(XMLValidator.validate(document)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    trimValues: false,
    parseTagValue: false,
    ignoreDeclaration: true,
    preserveOrder: true,
  });
  return parser.parse(document);
}

function built(add: (response: Builder) => void): unknown {
  const response = new (Response as unknown as new () => Builder)();
  add(response);
  return reread(response.toXML());
}

const stream = (url: string, parameters: Record<string, string> = {}): Answer => ({ kind: 'stream', url, parameters });

describe('the answer to Plivo', () => {
  it('is a stream both ways, its URL the text', () => {
    const answer = stream('wss://agent.example.com/media', { callToken: 'abc', call: '7' });
    expect(reread(render(answer))).toEqual(
      built((response) =>
        response.addStream('wss://agent.example.com/media?callToken=abc&call=7', {
          bidirectional: true,
          keepCallAlive: true,
          contentType: 'audio/x-mulaw;rate=8000',
          extraHeaders: 'callToken=abc,call=7',
        }),
      ),
    );
  });

  it.each<[string, Answer, (response: Builder) => void]>([
    [
      'a SIP call',
      { kind: 'sip', uri: 'sip:agent@example.com:5061;transport=tls', callerId: '+14155550123' },
      (response) => response.addDial({ callerId: '14155550123' }).addUser('sip:agent@example.com:5061;transport=tls'),
    ],
    [
      'a SIP call without a caller',
      { kind: 'sip', uri: 'sip:agent@example.com', callerId: null },
      (response) => response.addDial().addUser('sip:agent@example.com'),
    ],
    [
      'a call to a number',
      { kind: 'dial', to: '+442079460000', callerId: '+14155550123' },
      (response) => response.addDial({ callerId: '14155550123' }).addNumber('442079460000'),
    ],
    ['a text', { kind: 'say', text: AWKWARD, language: null }, (response) => response.addSpeak(AWKWARD)],
    [
      'a text in a language',
      { kind: 'say', text: 'Guten Tag', language: 'de-DE' },
      (response) => response.addSpeak('Guten Tag', { language: 'de-DE' }),
    ],
    ['busy', { kind: 'reject', reason: 'busy' }, (response) => response.addHangup({ reason: 'busy' })],
    ['rejected', { kind: 'reject', reason: 'rejected' }, (response) => response.addHangup({ reason: 'rejected' })],
  ])('is %s as the SDK writes it', (_what, answer, add) => {
    expect(reread(render(answer))).toEqual(built(add));
  });

  describe('the parameters of a stream', () => {
    const attributesOf = (answer: Answer) => {
      const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
      const { Response: root } = parser.parse(render(answer)) as { Response: { Stream: Record<string, string> } };
      return root.Stream;
    };

    it('are all in the URL, behind what it brings along, and in the headers where those may hold them', () => {
      const { '#text': url, ...attributes } = attributesOf(
        stream('wss://agent.example.com/media?sig=a%2Fb+c#top', {
          call_id: 'call_01',
          from: '+1415',
          ok: 'A1',
          more: 'é&=',
        }),
      );
      expect(url).toBe(
        'wss://agent.example.com/media?sig=a%2Fb+c&call_id=call_01&from=%2B1415&ok=A1&more=%C3%A9%26%3D',
      );
      expect(attributes).toEqual({ ...MULAW, extraHeaders: 'ok=A1' });
    });

    it.each([
      ['wss://a.example/?', 'wss://a.example/?x=_'],
      ['wss://a.example/?y=1&', 'wss://a.example/?y=1&x=_'],
      ['wss://a.example', 'wss://a.example?x=_'],
    ])('are joined to %s', (url, joined) => {
      expect(attributesOf(stream(url, { x: '_' }))).toEqual({ '#text': joined, ...MULAW });
    });

    it('make no attribute where there are none', () => {
      expect(attributesOf(stream('wss://a.example/m'))).toEqual({ '#text': 'wss://a.example/m', ...MULAW });
    });

    it('stay within 512 bytes of headers, which are then still whole pairs', () => {
      const parameters = { a: 'x'.repeat(300), b: 'y'.repeat(300), c: 'z'.repeat(208), d: '1' };
      const headers = attributesOf(stream('wss://a.example/m', parameters)).extraHeaders;
      // 302 of a, 1 comma and 209 of what is left: c has 210, so d comes instead.
      expect(headers).toBe(`a=${'x'.repeat(300)},d=1`);
      const exact = { a: 'x'.repeat(300), c: 'z'.repeat(207) };
      expect(attributesOf(stream('wss://a.example/m', exact)).extraHeaders).toHaveLength(512);
    });
  });

  it.each<Answer>([
    stream('wss://agent.example/"/><Dial><Number>19005550100</Number></Dial><x y="', { a: '"/><Hangup/>' }),
    { kind: 'sip', uri: 'sip:a@b</User></Dial><Hangup/>', callerId: '"><Hangup/>' },
    { kind: 'say', text: '</Speak><Hangup/>]]>', language: '"/><Hangup/>' },
  ])('lets nothing break out: $kind', (answer) => {
    const [root] = reread(render(answer)) as [{ Response: object[] }];
    expect(root.Response).toHaveLength(1);
    expect(JSON.stringify(Object.keys(root.Response[0] ?? {}))).not.toContain('Hangup');
  });

  it('speaks no more than 3,000 characters, and none by half', () => {
    const [root] = reread(render({ kind: 'say', text: '😀'.repeat(3001), language: null })) as [
      { Response: [{ Speak: [{ '#text': string }] }] },
    ];
    expect(root.Response[0].Speak[0]['#text']).toBe('😀'.repeat(3000));
  });

  it.each(['', ' \n', '\u0000\ud800'])('hangs up where there is nothing to say: %j', (text) => {
    expect(reread(render({ kind: 'say', text, language: null }))).toEqual(built((response) => response.addHangup()));
  });

  it.each([
    ['en-us', { language: 'en-US' }],
    ['fr', { language: 'fr-FR' }],
    ['es-MX', { language: 'es-ES' }],
    ['pt-PT', { language: 'pt-PT', voice: 'MAN' }],
    ['hi-IN', {}],
    ['', {}],
  ])('speaks %s as %j', (language, attributes) => {
    expect(reread(render({ kind: 'say', text: 'x', language }))).toEqual(
      built((response) => response.addSpeak('x', attributes)),
    );
  });
});
