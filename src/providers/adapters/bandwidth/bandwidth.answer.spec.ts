import { Bxml } from 'bandwidth-sdk';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Answer } from '../../contract/answer';
import { renderAnswer } from './bandwidth.answer';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  ignoreDeclaration: true,
  trimValues: false,
});
const parse = (body: string): unknown => parser.parse(body);
const render = (answer: Answer) => renderAnswer(answer).body;
const bxml = (...verbs: ConstructorParameters<typeof Bxml.Response>[0][]) => {
  const response = new Bxml.Response();
  for (const verb of verbs) if (verb) response.addVerbs(verb);
  return response.toBxml();
};

const NASTY = `</Response><Hangup/> "quoted" 'single' & <b> ]]> 😀`;
const URL_WITH_QUERY = 'wss://agent.example.com/media?a=1&b="2"<3>';

describe('the documents for Bandwidth', () => {
  it.each<[string, Answer, string]>([
    [
      'a stream',
      { kind: 'stream', url: URL_WITH_QUERY, parameters: { call_id: 'call_1', note: `<"&'>` } },
      bxml(
        new Bxml.StartStream({ name: 'agent', mode: 'bidirectional', tracks: 'inbound', destination: URL_WITH_QUERY }, [
          new Bxml.StreamParam({ name: 'call_id', value: 'call_1' }),
          new Bxml.StreamParam({ name: 'note', value: `<"&'>` }),
        ]),
        new Bxml.StopStream({ name: 'agent', wait: true }),
      ),
    ],
    [
      'a SIP URI',
      { kind: 'sip', uri: 'sip:agent@sip.example.com;transport=tls', callerId: '+15554567891' },
      bxml(
        new Bxml.Transfer(
          { transferCallerId: '+15554567891' },
          new Bxml.SipUri('sip:agent@sip.example.com;transport=tls'),
        ),
      ),
    ],
    [
      'a phone number',
      { kind: 'dial', to: '+15554567892', callerId: null },
      bxml(new Bxml.Transfer({}, new Bxml.PhoneNumber('+15554567892'))),
    ],
    [
      'a sentence',
      { kind: 'say', text: 'Goodbye & thank you 😀', language: 'es-MX' },
      bxml(new Bxml.SpeakSentence('Goodbye & thank you 😀', { locale: 'es_MX' }), new Bxml.Hangup()),
    ],
    ['a rejection', { kind: 'reject', reason: 'busy' }, bxml(new Bxml.Hangup())],
  ])("are those of Bandwidth's SDK for %s", (_what, answer, theirs) => {
    expect(parse(render(answer))).toEqual(parse(theirs));
    expect(renderAnswer(answer).contentType).toBe('application/xml');
  });

  it('wait for the stream, since StartStream does not', () => {
    const verbs = parse(render({ kind: 'stream', url: 'wss://a.example.com/', parameters: {} })) as {
      Response: object[];
    }[];
    expect(verbs[0]?.Response.flatMap((verb) => Object.keys(verb)).filter((name) => name !== ':@')).toEqual([
      'StartStream',
      'StopStream',
    ]);
  });

  it.each<[Answer]>([
    [{ kind: 'stream', url: `wss://a.example.com/${NASTY}`, parameters: { [`a${NASTY}`]: NASTY } }],
    [{ kind: 'sip', uri: `sip:${NASTY}`, callerId: NASTY }],
    [{ kind: 'dial', to: NASTY, callerId: NASTY }],
    [{ kind: 'say', text: NASTY, language: NASTY }],
  ])('let nothing break out: %j', (answer) => {
    const body = render(answer);
    expect(XMLValidator.validate(body)).toBe(true);
    const text = JSON.stringify(parse(body));
    expect(text.match(/"Hangup":/g)?.length ?? 0).toBe(answer.kind === 'say' ? 1 : 0);
  });

  it('carry text of any kind unharmed', () => {
    const [root] = parse(render({ kind: 'say', text: NASTY, language: null })) as [
      { Response: { SpeakSentence: { '#text': string }[] }[] },
    ];
    expect(root.Response[0]?.SpeakSentence[0]?.['#text']).toBe(NASTY);
  });

  it('stay within 64 KB and within the limits of StreamParam', () => {
    const body = render({ kind: 'say', text: `${'&'.repeat(9_999)}😀`.repeat(2), language: null });
    expect(Buffer.byteLength(body)).toBeLessThan(65_536);
    expect(body).not.toContain('\uD83D');
    const parameters = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`p${index}`, 'v'.repeat(3_000)]));
    const stream = render({ kind: 'stream', url: 'wss://a/', parameters: { ['n'.repeat(257)]: 'x', ...parameters } });
    expect(stream.match(/<StreamParam /g)).toHaveLength(12);
    expect(stream.match(/v+/g)?.filter((text) => text.length > 2_048)).toEqual([]);
    expect(stream).toContain('name="p11"');
  });

  it.each([
    ['en-US', 'en_US'],
    ['en-GB', 'en_UK'],
    ['de-AT', 'de'],
    ['fr', 'fr'],
    ['it-IT', 'it'],
    ['es-ES', 'es'],
    ['hi-IN', undefined],
    [null, undefined],
  ])('speak %s as %s', (language, locale) => {
    const body = render({ kind: 'say', text: 'x', language });
    expect(/locale="([^"]*)"/.exec(body)?.[1]).toBe(locale);
  });

  it.each([' \n', '\u0000\ud800', `${' '.repeat(10_000)}x`])(
    'say nothing blank, which Bandwidth does not take',
    (text) => {
      expect(parse(render({ kind: 'say', text, language: 'en' }))).toEqual(parse(bxml(new Bxml.Hangup())));
    },
  );

  it('leave out a parameter of whose name nothing can be written', () => {
    expect(render({ kind: 'stream', url: 'wss://a/', parameters: { '\u0000': 'x' } })).not.toContain('StreamParam');
  });
});
