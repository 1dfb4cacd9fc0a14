import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { twiml } from 'twilio';
import type { Answer } from '../../contract/answer';
import { twilioAnswer } from './twilio.answer';
import { credentialsOf } from './twilio.fixture';
import { SAY_LANGUAGES, sayLanguage } from './twilio.say-language';

const CONTEXT = { credentials: credentialsOf(), providerCallId: 'CA1', from: '+14158675309', to: '+15105647903' };
const AWKWARD = `<&"'> ]]> 😀 é`;

function render(answer: Answer): string {
  const { contentType, body } = twilioAnswer.render(answer, CONTEXT);
  expect(contentType).toBe('text/xml; charset=utf-8');
  return body;
}

/** The document in order, as a parser that is not ours reads it. */
function reread(document: string): unknown {
  expect(XMLValidator.validate(document)).toBe(true);
  const options = { ignoreAttributes: false, attributeNamePrefix: '', preserveOrder: true, parseTagValue: false };
  return new XMLParser({ ...options, trimValues: false }).parse(document);
}

interface Stream {
  readonly url: string;
  readonly Parameter: readonly { readonly name: string; readonly value: string }[];
}

function streamOf(url: string, parameters: Record<string, string> = {}): Stream {
  const document = render({ kind: 'stream', url, parameters });
  expect(XMLValidator.validate(document)).toBe(true);
  const options = { ignoreAttributes: false, attributeNamePrefix: '', isArray: (name: string) => name === 'Parameter' };
  const parsed = new XMLParser({ ...options, parseAttributeValue: false }).parse(document) as {
    Response: { Connect: { Stream: Stream } };
  };
  expect(Object.keys(parsed.Response)).toEqual(['Connect']);
  const { Stream } = parsed.Response.Connect;
  return { url: Stream.url, Parameter: Stream.Parameter ?? [] };
}

describe('twilioAnswer equals what the official SDK builds', () => {
  const sdk = (build: (response: InstanceType<typeof twiml.VoiceResponse>) => void): string => {
    const response = new twiml.VoiceResponse();
    build(response);
    return response.toString();
  };

  it.each<[string, Answer, string]>([
    [
      'a stream',
      { kind: 'stream', url: 'wss://agent.example/media', parameters: { call_id: 'call_1', awkward: AWKWARD } },
      sdk((response) => {
        const stream = response.connect().stream({ url: 'wss://agent.example/media' });
        stream.parameter({ name: 'call_id', value: 'call_1' });
        stream.parameter({ name: 'awkward', value: AWKWARD });
      }),
    ],
    [
      'a SIP URI',
      { kind: 'sip', uri: 'sip:agent@sip.example:5061;transport=tls?x-a=1&x-b=2', callerId: '+14158675309' },
      sdk((response) => {
        const dial = response.dial({ answerOnBridge: true, callerId: '+14158675309' });
        dial.sip('sip:agent@sip.example:5061;transport=tls?x-a=1&x-b=2');
      }),
    ],
    [
      'a number',
      { kind: 'dial', to: '+442071838750', callerId: '+15105647903' },
      sdk((response) => void response.dial({ answerOnBridge: true, callerId: '+15105647903' }).number('+442071838750')),
    ],
    [
      'a number with nothing said of the caller',
      { kind: 'dial', to: '+442071838750', callerId: null },
      sdk((response) => void response.dial({ answerOnBridge: true }).number('+442071838750')),
    ],
    [
      'a text',
      { kind: 'say', text: AWKWARD, language: 'hi-IN' },
      sdk((response) => void response.say({ language: 'hi-IN' }, AWKWARD)),
    ],
    ['a text in no language', { kind: 'say', text: 'Hello', language: null }, sdk((r) => void r.say('Hello'))],
    ['busy', { kind: 'reject', reason: 'busy' }, sdk((response) => void response.reject({ reason: 'busy' }))],
    [
      'rejected',
      { kind: 'reject', reason: 'rejected' },
      sdk((response) => void response.reject({ reason: 'rejected' })),
    ],
  ])('for %s', (_, answer, expected) => {
    expect(reread(render(answer))).toEqual(reread(expected));
  });
});

describe('a stream', () => {
  it('moves the query of the URL to the parameters, where Twilio hands it on', () => {
    expect(streamOf('wss://agent.example:8443/media/7?tenant=a%26b&mode=x+y#top', { call_id: 'call_1' })).toEqual({
      url: 'wss://agent.example:8443/media/7',
      Parameter: [
        { name: 'tenant', value: 'a&b' },
        { name: 'mode', value: 'x y' },
        { name: 'call_id', value: 'call_1' },
      ],
    });
  });

  it("lets the call's own parameters win over the query's", () => {
    const { Parameter } = streamOf('wss://agent.example/?call_id=forged&a=1&a=2', { call_id: 'call_1' });
    expect(Parameter).toEqual([
      { name: 'call_id', value: 'call_1' },
      { name: 'a', value: '2' },
    ]);
  });

  it('keeps name and value together under 500 characters', () => {
    const { Parameter } = streamOf(`wss://agent.example/?long=${'x'.repeat(600)}&${'n'.repeat(500)}=1`, {
      fits: 'y'.repeat(495),
    });
    expect(Parameter.map(({ name, value }) => [name, value.length])).toEqual([
      ['long', 495],
      ['fits', 495],
    ]);
  });

  it('leaves out a parameter of whose name nothing can be written', () => {
    expect(streamOf('wss://agent.example/?%00=1', { '\u0001': '2' }).Parameter).toEqual([]);
  });

  it('lets no URL and no parameter break out', () => {
    const evil = '"/></Connect><Dial>+1900</Dial><x y="';
    expect(streamOf(`wss://agent.example/${evil}`, { [evil]: evil })).toEqual({
      url: `wss://agent.example/${evil}`,
      Parameter: [{ name: evil, value: evil }],
    });
  });
});

describe('a text', () => {
  const said = (text: string): string => {
    const parsed = reread(render({ kind: 'say', text, language: null })) as [
      unknown,
      { Response: [{ Say: { '#text': string }[] }] },
    ];
    return parsed[1].Response[0].Say[0]?.['#text'] ?? '';
  };

  it('is carried unharmed', () => {
    expect(said(AWKWARD)).toBe(AWKWARD);
  });

  it('loses half a character, as anything else that XML cannot hold', () => {
    expect(said('a\ud800b\u0000c')).toBe('abc');
  });

  it('is cut to 4,000 bytes, between characters', () => {
    expect(said('a'.repeat(5000))).toBe('a'.repeat(4000));
    expect(said(`a${'😀'.repeat(1000)}`)).toBe(`a${'😀'.repeat(999)}`);
    expect(said('é'.repeat(2000))).toBe('é'.repeat(2000));
  });

  it('makes a valid document, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, language) => {
        expect(XMLValidator.validate(render({ kind: 'say', text, language }))).toBe(true);
        expect(XMLValidator.validate(render({ kind: 'sip', uri: text, callerId: language }))).toBe(true);
      }),
    );
  });
});

describe('sayLanguage', () => {
  it.each([
    ['en-US', 'en-US'],
    ['EN-gb', 'en-GB'],
    ['en', 'en-US'],
    ['hi', 'hi-IN'],
    ['pt', 'pt-BR'],
    ['de-CH', 'de-DE'],
    ['es-AR', 'es-ES'],
    ['ar', 'ar-AE'],
    ['zh-Hant-TW', 'zh-TW'],
    ['tlh', undefined],
    ['not a tag', undefined],
    ['', undefined],
  ])('%j is spoken as %j', (tag, language) => {
    expect(sayLanguage(tag)).toBe(language);
  });

  it('knows the languages that the SDK knows', () => {
    const types = readFileSync(join(dirname(require.resolve('twilio')), 'twiml/VoiceResponse.d.ts'), 'utf8');
    const names = /type SayLanguage = ([^;]*);/.exec(types)?.[1] ?? '';
    expect([...SAY_LANGUAGES].sort()).toEqual([...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name).sort());
  });
});
