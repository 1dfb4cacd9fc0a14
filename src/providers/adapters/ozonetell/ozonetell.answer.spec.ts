import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Answer } from '../../contract/answer';
import { ozonetellAnswer } from './ozonetell.answer';
import { OzonetellCredentials } from './ozonetell.credentials';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  preserveOrder: true,
});

const render = (answer: Answer, credentials: Partial<OzonetellCredentials> = { sip_extension: '524431' }) =>
  ozonetellAnswer.render(answer, {
    credentials: Object.assign(new OzonetellCredentials(), { api_key: 'KK' }, credentials),
    providerCallId: 'c',
    from: null,
    to: null,
  });
/** The elements below `response`, as another parser reads them, in their order. */
const tunes = (answer: Answer, credentials?: Partial<OzonetellCredentials>) => {
  const { contentType, body } = render(answer, credentials);
  expect(contentType).toBe('text/xml');
  expect(XMLValidator.validate(body)).toBe(true);
  const document = parser.parse(body) as Record<string, unknown>[];
  return document.find((node) => 'response' in node)?.response;
};
const text = (value: string) => [{ '#text': value }];

describe('ozonetellAnswer', () => {
  const stream: Answer = { kind: 'stream', url: 'wss://yourserver.com/ws', parameters: { sid: '212', cid: '919' } };

  // https://github.com/anoopk405/kookoo-voicebot, "XML to initiate stream"
  it('connects to the stream over the SIP extension, with the parameters in x-uui', () => {
    expect(tunes(stream)).toEqual([
      {
        stream: text('524431'),
        ':@': { is_sip: 'true', url: 'wss://yourserver.com/ws', 'x-uui': '{"sid":"212","cid":"919"}' },
      },
    ]);
  });

  it('carries awkward parameters and URLs unharmed, and lets none break out', () => {
    const parameters = { name: `<&"'> 😀 \n ]]>` };
    const url = `wss://a.example/"/><hangup/><x y='`;
    const [only, ...more] = tunes({ kind: 'stream', url, parameters }) as Record<string, Record<string, string>>[];
    expect(more).toEqual([]);
    expect(only?.[':@']?.url).toBe(url);
    expect(JSON.parse(only?.[':@']?.['x-uui'] ?? '')).toEqual(parameters);
  });

  const sorry = [
    { playtext: text('Sorry, this call cannot be connected.'), ':@': { lang: 'en-IN', quality: 'best', type: 'ggl' } },
    { hangup: [] },
  ];

  it('says so and hangs up where there is no extension, and for a SIP address', () => {
    expect(tunes(stream, {})).toEqual(sorry);
    expect(tunes({ kind: 'sip', uri: 'sip:agent@example.com', callerId: null })).toEqual(sorry);
  });

  it.each([
    ['+919123456789', '09123456789'],
    ['+14155550123', '14155550123'],
  ])('dials %s', (to, dialled) => {
    expect(tunes({ kind: 'dial', to, callerId: '+918065740671' })).toEqual([{ dial: text(dialled) }]);
  });

  it.each([
    ['hi-IN', 'hi-IN'],
    ['EN-us', 'en-IN'],
    ['fr', undefined],
    [null, undefined],
  ])('speaks and hangs up, in the language %s', (language, lang) => {
    const spoken = `Fish & <chips> "today" 😀`;
    const attributes = { quality: 'best', type: 'ggl' };
    expect(tunes({ kind: 'say', text: spoken, language })).toEqual([
      { playtext: text(spoken), ':@': lang ? { lang, ...attributes } : attributes },
      { hangup: [] },
    ]);
  });

  it('hangs up where the call is rejected', () => {
    expect(render({ kind: 'reject', reason: 'busy' }).body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><response><hangup/></response>',
    );
  });
});
